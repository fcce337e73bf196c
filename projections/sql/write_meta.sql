insert or replace into meta (name, value)
values ($name, $value)
