-- What was really published since a moment, each with the ids of what was recorded of its task.
select
    p.command_id,
    p.task_id,
    p.channel,
    p.reference,
    epoch_ms(p.published_at) as published_at,
    list(e.engagement_id) filter (where e.engagement_id is not null) as engagement_ids
from publications p
left join engagements e on e.task_id = p.task_id and e.engagement_id like 'fetched:%'
where not p.is_dry_run and p.published_at >= make_timestamptz($since::bigint * 1000)
group by all
order by published_at, command_id
