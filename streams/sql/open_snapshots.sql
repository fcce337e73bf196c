select json_group_array(json_array(
    task_id, sequence, hash, at, input_offset, evolve_version, outcome, hex(state)
))
from (
    select *
    from snapshots
    where partition = :partition and state is not null and task_id > :after
    order by task_id
    limit :limit
)
