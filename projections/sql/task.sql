select *
from task_rows
where task_id = $task_id
