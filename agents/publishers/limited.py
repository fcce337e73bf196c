"""How long a platform that refuses for now wants to be left alone."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from streams.domain.values import Milliseconds

# "Rate limits" (docs.x.com): most windows are of 15 minutes. "API Rate Limiting" (Microsoft Learn,
# LinkedIn): the limits are of a day, and an answer 429 names no moment. A quarter of an hour is
# asked for where nobody has said more.
USUAL: Milliseconds = 15 * 60_000
LONGEST: Milliseconds = 24 * 3_600_000
FIRST_PAUSE: Milliseconds = 2_000  # after a platform that could not be reached
RESET = "x-rate-limit-reset"  # seconds of the epoch


def pause(headers: Mapping[str, str], now: Milliseconds) -> Milliseconds:
    """Milliseconds until it may be tried again, from `Retry-After` or X's `x-rate-limit-reset`."""
    found = _after(headers.get("retry-after", ""), now)
    if found is None:
        reset = headers.get(RESET, "")
        found = int(reset) * 1000 - now if _is_number(reset) else None
    return USUAL if found is None else max(0, min(found, LONGEST))


def backing_off(attempt: int) -> Milliseconds:
    """The pause after an attempt that reached nobody: longer each time."""
    return FIRST_PAUSE * (1, 5, 25, 125, 625)[min(attempt, 5) - 1]


def _after(value: str, now: Milliseconds) -> Milliseconds | None:
    if _is_number(value.strip()):
        return int(value) * 1000
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return int((aware - datetime.fromtimestamp(now / 1000, UTC)).total_seconds() * 1000)


def _is_number(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) < 12
