select position, watermark
from partitions
where partition = :partition
