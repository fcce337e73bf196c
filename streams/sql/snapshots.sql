select json_group_array(json_array(
    task_id, sequence, hash, at, input_offset, evolve_version, outcome, iif(state is null, null, hex(state))
))
from snapshots
where partition = :partition and task_id in (select value from json_each(:task_ids))
