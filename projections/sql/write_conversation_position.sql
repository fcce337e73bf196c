insert or replace into conversation_positions (partition, position)
values ($partition, $position)
