-- What the tasks of a tenant have shown so far.
select
    count(*) as tasks,
    count(*) filter (where outcome is not null) as ended,
    count(*) filter (where outcome = 'approved') as approved,
    count(*) filter (where outcome in ('rejected', 'failed')) as not_approved,
    avg(quality_score) as quality,
    count(quality_score) as scored,
    coalesce(sum(cost), 0) as cost,
    avg(duration_ms) / 1000 as seconds
from tasks
where tenant = $tenant
