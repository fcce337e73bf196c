insert into partitions (partition, epoch, owner)
values (:partition, 1, :owner)
on conflict (partition) do update set epoch = epoch + 1, owner = excluded.owner
returning epoch
