-- A publication happens once: the same row again changes nothing.
insert into publications by name
select * from batch
on conflict (command_id) do nothing
