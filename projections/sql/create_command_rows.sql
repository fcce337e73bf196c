-- The commands, each from its attempts: moments in milliseconds since the Unix epoch.
create view command_rows as
with newest as (
    select
        command_id,
        any_value(task_id) as task_id,
        any_value(tenant) as tenant,
        any_value(kind) as kind,
        any_value(phase) as phase,
        any_value(agent_type) as agent_type,
        any_value(action) as action,
        any_value(tool_id) as tool_id,
        any_value(step_id) as step_id,
        any_value(channel) as channel,
        any_value(priority) as priority,
        any_value(max_attempts) as max_attempts,
        any_value(is_repeatable) as is_repeatable,
        max(attempt) as attempt,
        count(*) filter (where outcome in ('failed', 'unpaid')) as failures,
        min(issued_at) as issued_at,
        max(claimed_at) as claimed_at,
        max(ended_at) as ended_at,
        arg_max(runner, attempt) as runner,
        arg_max(retry_at, attempt) as retry_at,
        arg_max(outcome, attempt) as outcome,
        bool_or(outcome = 'cancelled') as is_cancelled,
        arg_max(reason, if(attempt = 0, 1000000, attempt)) as reason,
        sum(coalesce(cost, 0)) as cost,
        sum(coalesce(duration_ms, 0))::bigint as duration_ms
    from command_attempts
    group by command_id
)
select
    command_id,
    task_id,
    tenant,
    case
        when is_cancelled then 'cancelled'
        when outcome = 'completed' then 'completed'
        when outcome in ('failed', 'unpaid') and retry_at is null then 'failed'
        when outcome in ('failed', 'unpaid', 'asked') then 'pending'
        when outcome = 'uncertain' then 'processing'
        when runner is not null then 'processing'
        else 'pending'
    end as status,
    outcome = 'uncertain' and not is_cancelled as is_uncertain,
    kind,
    phase,
    agent_type,
    action,
    tool_id,
    step_id,
    channel,
    priority,
    is_repeatable,
    attempt,
    max_attempts,
    failures,
    runner,
    epoch_ms(issued_at) as issued_at,
    epoch_ms(claimed_at) as claimed_at,
    epoch_ms(ended_at) as ended_at,
    epoch_ms(retry_at) as retry_at,
    cost,
    duration_ms,
    case when outcome is distinct from 'completed' or is_cancelled then reason end as error
from newest;
