select "offset"
from positions
where consumer = :consumer and topic = :topic and partition = :partition
