select coalesce(max("offset") + 1, 0)
from records
where topic = :topic and partition = :partition
