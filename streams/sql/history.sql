select json_group_array(json_array("offset", key, json(headers), hex(value)))
from (
    select "offset", key, headers, value
    from records
    where topic = 'events' and partition = :partition and key = :key and "offset" >= :offset
    order by "offset"
    limit :limit
)
