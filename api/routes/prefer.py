"""The header `Prefer: wait=SECONDS` (RFC 7240)."""

WAIT_AT_MOST = 60.0  # seconds that one answer may wait


def seconds_to_wait(prefer: str | None, at_most: float = WAIT_AT_MOST) -> float:
    """How long an answer may wait; 0 where nothing that is understood was said."""
    for part in (prefer or "").split(","):
        name, _, value = part.strip().partition("=")
        if name.lower() == "wait" and value.isascii() and value.replace(".", "", 1).isdigit():
            return min(float(value), at_most)
    return 0.0
