-- When engagement was fetched last, by channel.
select channel, epoch_ms(max(recorded_at))
from engagements
where engagement_id like 'fetched:%' and channel is not null
group by channel
