insert into positions (consumer, topic, partition, "offset")
values (:consumer, :topic, :partition, :offset)
on conflict (consumer, topic, partition) do update set "offset" = excluded."offset"
