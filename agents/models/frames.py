"""One JSON object a line: how processes of the models speak over their pipes."""

import asyncio
import json

from streams.domain.values import Json

LONGEST = 32_000_000  # bytes of a line


def frame(value: Json) -> bytes:
    """A line."""
    return json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode() + b"\n"


async def read_frame(reader: asyncio.StreamReader) -> Json | None:
    """The next object; None at the end, or when the other side speaks no sense any more."""
    try:
        line = await reader.readline()
        value = json.loads(line) if line else None
    except (ValueError, ConnectionError):  # too long a line is a ValueError, too
        return None
    return value if isinstance(value, dict) else None
