-- The parts of an answer that has ended stand in its last event as a whole.
select
    e.stream_id,
    e.sequence,
    e.moment,
    e.event,
    e.sealed,
    e.previous,
    e.hash
from conversation_events as e
where
    e.stream_id = $stream_id
    and not (
        e.type = 'answer_part.v1'
        and exists (
            select 1
            from conversation_events as ended
            where
                ended.stream_id = e.stream_id
                and ended.message_id = e.message_id
                and ended.type = 'answer_ended.v1'
        )
    )
order by e.sequence
