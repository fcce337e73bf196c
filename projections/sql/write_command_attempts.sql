-- What newer events say wins; what they do not say stays. So a batch applied again takes nothing back.
insert into command_attempts by name
select * from batch
on conflict (command_id, attempt) do update set
    kind = coalesce(command_attempts.kind, excluded.kind),
    phase = coalesce(command_attempts.phase, excluded.phase),
    agent_type = coalesce(command_attempts.agent_type, excluded.agent_type),
    action = coalesce(command_attempts.action, excluded.action),
    tool_id = coalesce(command_attempts.tool_id, excluded.tool_id),
    step_id = coalesce(command_attempts.step_id, excluded.step_id),
    channel = coalesce(command_attempts.channel, excluded.channel),
    priority = coalesce(command_attempts.priority, excluded.priority),
    max_attempts = coalesce(command_attempts.max_attempts, excluded.max_attempts),
    is_repeatable = coalesce(command_attempts.is_repeatable, excluded.is_repeatable),
    issued_at = coalesce(command_attempts.issued_at, excluded.issued_at),
    claimed_at = case
        when excluded.sequence >= command_attempts.sequence
            then coalesce(excluded.claimed_at, command_attempts.claimed_at)
        else coalesce(command_attempts.claimed_at, excluded.claimed_at)
    end,
    runner = case
        when excluded.sequence >= command_attempts.sequence
            then coalesce(excluded.runner, command_attempts.runner)
        else coalesce(command_attempts.runner, excluded.runner)
    end,
    outcome = case
        when excluded.sequence >= command_attempts.sequence
            then coalesce(excluded.outcome, command_attempts.outcome)
        else coalesce(command_attempts.outcome, excluded.outcome)
    end,
    ended_at = case
        when excluded.sequence >= command_attempts.sequence
            then coalesce(excluded.ended_at, command_attempts.ended_at)
        else coalesce(command_attempts.ended_at, excluded.ended_at)
    end,
    retry_at = case
        when excluded.sequence >= command_attempts.sequence
            then coalesce(excluded.retry_at, command_attempts.retry_at)
        else coalesce(command_attempts.retry_at, excluded.retry_at)
    end,
    reason = case
        when excluded.sequence >= command_attempts.sequence
            then coalesce(excluded.reason, command_attempts.reason)
        else coalesce(command_attempts.reason, excluded.reason)
    end,
    cost = case
        when excluded.sequence >= command_attempts.sequence
            then coalesce(excluded.cost, command_attempts.cost)
        else coalesce(command_attempts.cost, excluded.cost)
    end,
    duration_ms = case
        when excluded.sequence >= command_attempts.sequence
            then coalesce(excluded.duration_ms, command_attempts.duration_ms)
        else coalesce(command_attempts.duration_ms, excluded.duration_ms)
    end,
    sequence = greatest(excluded.sequence, command_attempts.sequence)
