-- What was recorded under an id stays: the same row again changes nothing.
insert into engagements by name
select * from batch
on conflict (task_id, engagement_id) do nothing
