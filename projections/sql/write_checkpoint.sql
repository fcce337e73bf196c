insert or replace into checkpoints (partition, position)
values ($partition, $position)
