-- The tables of `streams.sqlite`. Another layout needs another SCHEMA_VERSION there.

create table meta (
    name text primary key,
    value text not null
) without rowid;

-- Rows are stored in order of commit, whatever their topic, so that a commit only appends pages.
create table records (
    topic text not null,
    partition integer not null,
    "offset" integer not null,
    key text not null,
    headers text not null, -- a JSON object of strings
    value blob not null,
    primary key (topic, partition, "offset")
);

create index history on records (partition, key, "offset") where topic = 'events';

-- A snapshot while the task is open, a stub without `state` for ever after.
create table snapshots (
    partition integer not null,
    task_id text not null,
    sequence integer not null,
    hash text not null,
    at integer not null,
    input_offset integer not null,
    evolve_version integer not null,
    outcome text,
    state blob,
    primary key (partition, task_id)
);

create index open_snapshots on snapshots (partition, task_id) where state is not null;

-- One row for each partition that was ever acquired: its lease, and where its next owner begins.
create table partitions (
    partition integer primary key,
    epoch integer not null,
    owner text not null,
    position integer not null default 0,
    watermark integer not null default 0
);

create table positions (
    consumer text not null,
    topic text not null,
    partition integer not null,
    "offset" integer not null,
    primary key (consumer, topic, partition)
) without rowid;

-- A whole commit is one row inserted here; the trigger below writes it out. So a commit is one statement: atomic by
-- itself, and Python's sqlite3 gives the interpreter lock away once, not once a record.
--
-- All keys, headers, values and states lie end to end in `body`. `records` says where: for each record 66 characters of
-- decimal numbers, padded with blanks to 6 and six times 10: partition, offset, and the places of topic, key, headers,
-- value and end. Reading them by position took a third less time than JSON. `snapshots` is a JSON array of arrays.
create view commits as
select
    null as partition,
    null as epoch, -- null: append without a lease
    null as position,
    null as watermark,
    null as records, -- a blob, see above
    null as snapshots, -- [task_id, sequence, hash, at, input_offset, evolve_version, outcome, state_at, end_at]
    null as body;

create trigger write_commit instead of insert on commits
begin
    select raise(abort, 'fenced')
    where
        new.epoch is not null
        and not exists (select 1 from partitions as p where p.partition = new.partition and p.epoch = new.epoch);

    insert into records (topic, partition, "offset", key, headers, value)
    with recursive
    place(at) as (
        select 1 where length(new.records) > 0
        union all
        select at + 66 from place where at + 66 < length(new.records)
    ),
    row as (
        select
            cast(substr(new.records, at, 6) as integer) as partition,
            cast(substr(new.records, at + 6, 10) as integer) as "offset",
            cast(substr(new.records, at + 16, 10) as integer) as topic_at,
            cast(substr(new.records, at + 26, 10) as integer) as key_at,
            cast(substr(new.records, at + 36, 10) as integer) as headers_at,
            cast(substr(new.records, at + 46, 10) as integer) as value_at,
            cast(substr(new.records, at + 56, 10) as integer) as end_at
        from place
    )
    select
        cast(substr(new.body, topic_at, key_at - topic_at) as text),
        partition,
        "offset",
        cast(substr(new.body, key_at, headers_at - key_at) as text),
        cast(substr(new.body, headers_at, value_at - headers_at) as text),
        substr(new.body, value_at, end_at - value_at)
    from row;

    insert into snapshots (
        partition, task_id, sequence, hash, at, input_offset, evolve_version, outcome, state
    )
    select
        new.partition,
        json_extract(value, '$[0]'),
        json_extract(value, '$[1]'),
        json_extract(value, '$[2]'),
        json_extract(value, '$[3]'),
        json_extract(value, '$[4]'),
        json_extract(value, '$[5]'),
        json_extract(value, '$[6]'),
        substr(new.body, json_extract(value, '$[7]'), json_extract(value, '$[8]') - json_extract(value, '$[7]'))
    from json_each(new.snapshots)
    where true
    on conflict (partition, task_id) do update set
        sequence = excluded.sequence,
        hash = excluded.hash,
        at = excluded.at,
        input_offset = excluded.input_offset,
        evolve_version = excluded.evolve_version,
        outcome = excluded.outcome,
        state = excluded.state;

    update partitions
    set
        position = coalesce(new.position, position),
        watermark = max(watermark, coalesce(new.watermark, watermark))
    where partition = new.partition and (new.position is not null or new.watermark is not null);
end;
