-- Of these commands, the attempts whose end the rows have.
select command_id, attempt
from command_attempts
where outcome in ('completed', 'failed') and command_id in (select unnest($command_ids::varchar[]))
