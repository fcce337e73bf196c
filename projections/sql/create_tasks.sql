-- One row a task, as it stands after the newest of its projected events.
create table tasks (
    task_id varchar primary key,
    tenant varchar not null,
    principal varchar not null,
    source varchar not null,
    request varchar not null,
    title varchar not null,
    intent varchar,
    domain varchar,
    channels varchar[] not null,
    status varchar not null,
    phase varchar,
    progress double not null,
    outcome varchar,
    decided_by varchar,
    quality_score double,
    quality_passed boolean,
    cost double not null, -- US dollars
    refinements integer not null,
    submitted_at timestamp with time zone not null,
    updated_at timestamp with time zone not null,
    closed_at timestamp with time zone,
    duration_ms bigint,
    error varchar,
    sequence bigint not null,
    parent_task_id varchar
);
