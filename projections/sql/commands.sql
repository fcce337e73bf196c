-- Newest first; a command's place never changes, so a page goes on where the one before ended.
select *
from command_rows
where
    tenant = $tenant
    and ($task_id::varchar is null or task_id = $task_id::varchar)
    and ($status::varchar is null or status = $status::varchar)
    and ($agent_type::varchar is null or agent_type = $agent_type::varchar)
    and ($tool_id::varchar is null or tool_id = $tool_id::varchar)
    and ($runner::varchar is null or runner = $runner::varchar)
    and (
        $before::bigint is null
        or (issued_at, command_id) < ($before::bigint, $before_id::varchar)
    )
order by issued_at desc, command_id desc
limit $limit
