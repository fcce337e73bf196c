"""One attempt at a publication: what is to go out, and in which time it may begin."""

from dataclasses import dataclass, field

from agents.platforms.limits import NAMES
from agents.publishers.variant import title_of, variant_of
from streams.domain.commands import Command
from streams.domain.deliverable import ChannelVariant
from streams.domain.values import Channel, Json, Milliseconds

# The runner stops a handler when its time is over and then knows nothing of what it had done so
# far; whoever ends a little sooner can still tell.
SHARE = 0.9
LAST_SHARE = 0.25  # of the time left at the start: what begins later could hardly be answered
LONGEST_LAST: Milliseconds = 3_000


@dataclass(frozen=True, slots=True)
class Attempt:
    """What one attempt may do. Times are milliseconds since the Unix epoch.

    `begin_before`: no request begins after it. `until`: no answer is waited for after it.
    """

    variant: ChannelVariant
    key: str
    title: str
    number: int
    is_last: bool
    issued_at: Milliseconds
    begin_before: Milliseconds
    until: Milliseconds
    progress: Json = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The platform, for people."""
        return NAMES[self.variant.channel]


def attempt_of(command: Command, channel: Channel, now: Milliseconds) -> Attempt:
    """The attempt that a command stands for.

    Raises:
        ValueError: there is nothing that this platform takes; the message says what to do.
    """
    lasts = command.timeout
    if command.act_before is not None:
        lasts = min(lasts, command.act_before - now)
    until = now + int(max(0, lasts) * SHARE)
    last = min(LONGEST_LAST, int((until - now) * LAST_SHARE))
    return Attempt(
        variant=variant_of(command.payload, channel),
        key=str(command.payload.get("key") or command.command_id),
        title=title_of(command.payload),
        number=command.attempt,
        is_last=command.attempt >= command.max_attempts,
        issued_at=command.issued_at,
        begin_before=until - last,
        until=until,
        progress=command.progress,
    )
