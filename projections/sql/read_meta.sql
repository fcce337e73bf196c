select value
from meta
where name = $name
