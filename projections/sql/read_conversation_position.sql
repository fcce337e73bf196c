select position
from conversation_positions
where partition = $partition
