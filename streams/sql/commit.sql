-- See the view `commits` in schema.sql.
insert into commits (partition, epoch, position, watermark, records, snapshots, body)
values (?, ?, ?, ?, ?, ?, ?)
