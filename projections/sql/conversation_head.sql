select
    sequence,
    hash,
    moment
from conversation_events
where stream_id = $stream_id
order by sequence desc
limit 1
