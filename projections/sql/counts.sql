select status, count(*)
from tasks
where $tenant::varchar is null or tenant = $tenant::varchar
group by status
order by status
