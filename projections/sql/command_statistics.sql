-- By agent type and tool: how many commands stand how, and how long attempts waited and ran.
with counted as (
    select
        agent_type,
        tool_id,
        count(*) as commands,
        count(*) filter (where status = 'pending') as pending,
        count(*) filter (where status = 'processing') as processing,
        count(*) filter (where status = 'completed') as completed,
        count(*) filter (where status = 'failed') as failed,
        count(*) filter (where status = 'cancelled') as cancelled,
        sum(attempt)::bigint as attempts,
        sum(failures)::bigint as failures,
        sum(cost) as cost,
        max(ended_at) as last_ended_at
    from command_rows
    where tenant = $tenant
    group by agent_type, tool_id
),

timed as (
    select
        agent_type,
        tool_id,
        -- Nobody claims what the server itself works on: there it began as long ago as it took.
        greatest(
            0,
            epoch_ms(coalesce(claimed_at, ended_at)) - epoch_ms(issued_at)
            - if(claimed_at is null, coalesce(duration_ms, 0), 0)
        ) as waited,
        duration_ms as ran
    from command_attempts
    where tenant = $tenant and attempt > 0 and coalesce(claimed_at, ended_at) is not null
),

measured as (
    select
        agent_type,
        tool_id,
        quantile_cont(waited, 0.5) as waited_p50,
        quantile_cont(waited, 0.95) as waited_p95,
        quantile_cont(ran, 0.5) as ran_p50,
        quantile_cont(ran, 0.95) as ran_p95
    from timed
    group by agent_type, tool_id
)

select
    counted.*,
    waited_p50,
    waited_p95,
    ran_p50,
    ran_p95
from counted
left join measured
    on
        counted.agent_type = measured.agent_type
        and counted.tool_id is not distinct from measured.tool_id
order by counted.agent_type, counted.tool_id nulls first
