-- One row for each attempt at a command. What no projected event has said yet is null. Attempt 0
-- stands for the command as a whole: it was withdrawn.
create table command_attempts (
    command_id varchar not null,
    attempt integer not null,
    task_id varchar not null,
    tenant varchar not null,
    kind varchar,
    phase varchar,
    agent_type varchar,
    action varchar,
    tool_id varchar,
    step_id varchar,
    channel varchar,
    priority integer,
    max_attempts integer,
    is_repeatable boolean,
    issued_at timestamp with time zone,
    claimed_at timestamp with time zone,
    runner varchar,
    outcome varchar,
    ended_at timestamp with time zone,
    retry_at timestamp with time zone,
    reason varchar,
    cost double, -- US dollars
    duration_ms bigint, -- as the runner measured it
    sequence bigint not null, -- of the newest event that said something
    primary key (command_id, attempt)
);
