-- Positions behind the last record of their topic.
select name || ' is ' || place || ', but ' || topic || '/' || partition || ' ends at ' || topic_end
from (
    select
        claims.*,
        (
            select coalesce(max(r."offset") + 1, 0)
            from records as r
            where r.topic = claims.topic and r.partition = claims.partition
        ) as topic_end
    from (
        select 'position of ' || consumer as name, "offset" as place, topic, partition from positions
        union all
        select 'position of partition ' || partition, position, 'inputs', partition from partitions
        union all
        select 'watermark of partition ' || partition, watermark, 'events', partition from partitions
    ) as claims
)
where place > topic_end
