"""By what a tool of others is known again: what a person agreed to when allowing it."""

import json
from hashlib import sha256

from streams.domain.plan import ToolSpecification

DIGEST_LENGTH = 16  # hexadecimal digits
AGREED = "tool_fingerprint"  # of the tool that a plan saw, in the payload of its step


def fingerprint(spec: ToolSpecification) -> str:
    """A digest of a tool's words, its schemas and what it says of itself. Another one is another
    tool under the same name, so one has to ask again.
    """
    agreed = [
        spec.tool_id,
        spec.source,
        spec.description,
        spec.input_schema,
        spec.output_schema,
        spec.is_destructive,
        spec.is_repeatable,
    ]
    canonical = json.dumps(agreed, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return sha256(canonical.encode()).hexdigest()[:DIGEST_LENGTH]
