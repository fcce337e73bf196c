-- A batch applied again never takes a row back.
insert into tasks by name
select * from batch
on conflict (task_id) do update set
    tenant = excluded.tenant,
    principal = excluded.principal,
    source = excluded.source,
    request = excluded.request,
    title = excluded.title,
    intent = excluded.intent,
    domain = excluded.domain,
    channels = excluded.channels,
    status = excluded.status,
    phase = excluded.phase,
    progress = excluded.progress,
    outcome = excluded.outcome,
    decided_by = excluded.decided_by,
    quality_score = excluded.quality_score,
    quality_passed = excluded.quality_passed,
    cost = excluded.cost,
    refinements = excluded.refinements,
    submitted_at = excluded.submitted_at,
    updated_at = excluded.updated_at,
    closed_at = excluded.closed_at,
    duration_ms = excluded.duration_ms,
    error = excluded.error,
    sequence = excluded.sequence,
    parent_task_id = excluded.parent_task_id
where excluded.sequence >= tasks.sequence
