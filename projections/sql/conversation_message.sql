select
    stream_id,
    sequence,
    moment,
    event,
    sealed,
    previous,
    hash
from conversation_events
where stream_id = $stream_id and message_id = $message_id
order by sequence
