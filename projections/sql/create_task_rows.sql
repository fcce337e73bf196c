-- The rows as queries answer them: moments in milliseconds since the Unix epoch.
create view task_rows as
select
    task_id,
    tenant,
    principal,
    source,
    request,
    title,
    intent,
    domain,
    channels,
    status,
    phase,
    progress,
    outcome,
    decided_by,
    quality_score,
    quality_passed,
    cost,
    refinements,
    epoch_ms(submitted_at) as submitted_at,
    epoch_ms(updated_at) as updated_at,
    epoch_ms(closed_at) as closed_at,
    duration_ms,
    error,
    sequence,
    parent_task_id
from tasks;
