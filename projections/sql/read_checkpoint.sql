select position
from checkpoints
where partition = $partition
