-- What the file is: the version of its layout, and the log that its rows come from.
create table meta (
    name varchar primary key,
    value varchar not null
);

-- The first offset of `events` that the rows of a partition do not contain yet.
create table checkpoints (
    partition integer primary key,
    position bigint not null
);
