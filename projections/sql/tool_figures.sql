-- What the ended runs of each tool add up to. A run is an attempt on which a runner reported; one
-- that was given up because nobody came back says nothing about the tool.
select
    tool_id,
    count(*) as runs,
    count(*) filter (where outcome = 'completed') as successes,
    coalesce(sum(duration_ms), 0)::bigint as duration,
    coalesce(sum(cost), 0.0) as cost,
    epoch_ms(max(ended_at)) as last_used,
    arg_max(reason, ended_at) filter (where outcome = 'failed') as last_error
from command_attempts
where
    tool_id is not null
    and attempt > 0
    and outcome in ('completed', 'failed')
    and runner is distinct from 'clock'
    and ($tenant::varchar is null or tenant = $tenant::varchar)
group by tool_id
order by tool_id
