-- One row each time that somebody, or a schedule, has recorded what became of a publication.
create table engagements (
    task_id varchar not null,
    engagement_id varchar not null,
    tenant varchar not null,
    channel varchar,
    metrics varchar not null, -- JSON
    recorded_at timestamp with time zone not null,
    primary key (task_id, engagement_id)
);
