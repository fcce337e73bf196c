-- Kinds of work with how they went, the most frequent first.
select
    coalesce(intent, 'unclear') as intent,
    count(*) as tasks,
    count(*) filter (where outcome = 'approved') as approved,
    avg(quality_score) as quality,
    avg(refinements) as refinements,
    avg(cost) as cost
from tasks
where tenant = $tenant and outcome is not null
group by intent
order by tasks desc, intent
limit 5
