-- What one principal has begun, the newest last; deleted ones are only structure.
select
    opened.stream_id,
    opened.sealed,
    opened.moment,
    coalesce(bool_or(e.type = 'conversation_deleted.v1'), false) as is_deleted,
    count(*) filter (where e.type = 'message_asked.v1') as messages,
    max(e.moment) as last_at
from conversation_events as opened
inner join conversation_events as e on opened.stream_id = e.stream_id
where
    opened.type = 'conversation_opened.v1'
    and opened.tenant = $tenant
    and opened.principal = $principal
group by opened.stream_id, opened.sealed, opened.moment
order by last_at, opened.stream_id
