"""What the core is given from outside with each input: the time, and a salt."""

import os
import time
from collections.abc import Callable

from streams.domain.values import Milliseconds

Clock = Callable[[], Milliseconds]


def wall_clock() -> Milliseconds:
    """Milliseconds since the Unix epoch."""
    return time.time_ns() // 1_000_000


def new_salt() -> str:
    """A fresh salt for an input."""
    return os.urandom(16).hex()
