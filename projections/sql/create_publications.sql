-- One row a publication, dry runs among them; it never changes.
create table publications (
    command_id varchar primary key,
    task_id varchar not null,
    tenant varchar not null,
    channel varchar not null,
    reference varchar not null,
    url varchar,
    is_dry_run boolean not null,
    published_at timestamp with time zone not null
);
