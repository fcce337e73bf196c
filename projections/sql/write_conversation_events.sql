insert or replace into conversation_events
select
    stream_id,
    sequence,
    type,
    message_id,
    tenant,
    principal,
    moment,
    event,
    sealed,
    previous,
    hash
from batch
