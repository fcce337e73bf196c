"""The publishers with credentials: what each channel's tool does when its channel is live."""

from collections.abc import Awaitable, Callable, Mapping
from typing import assert_never

from agents.contract import Effect, GiveUp, Outcome
from agents.publishers import email, linkedin, twitter
from agents.publishers.accounts import Account, LinkedInAccount, MailAccount, XAccount
from agents.publishers.attempt import Attempt, attempt_of
from agents.publishers.tokens import Tokens
from streams.clock import Clock, wall_clock
from streams.domain.commands import Command, CommandKind
from streams.domain.values import Channel

# A plan is drafted before anybody has approved what would go out, and a repeatable command passes
# no door: neither may reach a platform, whoever made it.
NOT_A_STEP = (
    "nothing was published: a post goes out by an approval or by POST /api/social/publish, "
    "never as a step of a plan"
)
Publish = Callable[[Attempt], Awaitable[Outcome]]


def live_effects(
    accounts: Mapping[Channel, Account], clock: Clock = wall_clock
) -> dict[str, Effect]:
    """The effects of the channels that are live, by the names of their tools."""
    return {
        f"{channel.value}_publisher": _effect(channel, _publisher(account, clock), clock)
        for channel, account in accounts.items()
    }


def _publisher(account: Account, clock: Clock) -> Publish:
    match account:
        case LinkedInAccount():
            return lambda attempt: linkedin.publish(account, attempt, clock)
        case XAccount():
            tokens = Tokens(account, clock)
            return lambda attempt: twitter.publish(account, tokens, attempt, clock)
        case MailAccount():
            return lambda attempt: email.publish(account, attempt, clock)
        case _:
            assert_never(account)


def _effect(channel: Channel, publish: Publish, clock: Clock) -> Effect:
    async def effect(command: Command) -> Outcome:
        if command.kind is not CommandKind.PUBLISH or command.is_repeatable:
            return GiveUp(NOT_A_STEP)
        try:
            attempt = attempt_of(command, channel, clock())
        except ValueError as error:
            return GiveUp(f"nothing was published: {error}")
        return await publish(attempt)

    return effect
