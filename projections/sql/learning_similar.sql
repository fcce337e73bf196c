-- Earlier requests that share the most words with a question; a word is a part of the text in lower case.
select
    task_id,
    request,
    status,
    quality_score,
    len(list_filter($words::varchar[], lambda word: contains(lower(request), word))) as shared
from tasks
where tenant = $tenant and len(list_filter($words::varchar[], lambda word: contains(lower(request), word))) >= $least
order by shared desc, submitted_at desc
limit 3
