-- Newest first; a row's place never changes, so a page goes on where the one before ended.
select *
from task_rows
where
    ($status::varchar is null or status = $status::varchar)
    and ($source::varchar is null or source = $source::varchar)
    and ($tenant::varchar is null or tenant = $tenant::varchar)
    and (
        not $is_waiting::boolean
        or status in ('pending_approval', 'waiting_for_answer', 'publication_uncertain')
    )
    and (
        $text::varchar is null
        or contains(lower(task_id || ' ' || title || ' ' || request), lower($text::varchar))
    )
    and (
        $before::bigint is null
        or (submitted_at, task_id) < ($before::bigint, $before_task_id::varchar)
    )
order by submitted_at desc, task_id desc
limit $limit
