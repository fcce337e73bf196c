-- Topics whose offsets are not 0, 1, 2, …
select topic || '/' || partition || ' holds ' || count(*) || ' records with offsets '
    || min("offset") || ' to ' || max("offset")
from records
group by topic, partition
having min("offset") <> 0 or max("offset") + 1 <> count(*)
