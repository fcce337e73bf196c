-- One row for many records: Python's sqlite3 gives the interpreter lock away for every row that it fetches.
select json_group_array(json_array("offset", key, json(headers), hex(value)))
from (
    select "offset", key, headers, value
    from records
    where topic = :topic and partition = :partition and "offset" >= :offset
    order by "offset"
    limit :limit
)
