-- How many rows the read models have.
select count(*) from tasks
