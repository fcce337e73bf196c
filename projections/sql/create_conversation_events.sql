-- Events of conversations as they lie on the log: what was said is sealed here as well, so that destroying a key
-- needs no change of this file.
create table conversation_events (
    stream_id varchar not null,
    sequence bigint not null,
    type varchar not null,
    message_id varchar, -- null for what belongs to the conversation as a whole
    tenant varchar, -- of the opening event only
    principal varchar,
    moment bigint not null, -- milliseconds since the Unix epoch
    event varchar not null, -- JSON
    sealed blob,
    previous blob not null,
    hash blob not null,
    primary key (stream_id, sequence)
);

-- The first offset of `conversations` that the rows of a partition do not contain yet.
create table conversation_positions (
    partition integer primary key,
    position bigint not null
);
