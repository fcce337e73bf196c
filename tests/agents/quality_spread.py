"""How the scores of the writer's texts are spread, over many metrics, requests and tones.

Run it as a module to see the table.
"""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import fmean, pstdev

from agents.content import CONTENT
from agents.contract import Done
from agents.quality.assessment import assess
from streams.domain.commands import CommandKind
from streams.domain.quality import QualityAssessment
from streams.domain.values import Json
from tests.agents.quality_drafts import Sample, command, payload_of

TEXTS = 200
GRADES = (0.0, 0.75, 0.85, 0.93, 1.01)
TONES = (
    "professional", "friendly", "confident", "casual", "formal", "inspirational", "witty",
    "neutral", "enthusiastic",
)  # fmt: skip
REQUESTS: tuple[tuple[str, str, str, str], ...] = (  # request, language, kind, channel
    ("Write a LinkedIn post about our revenue and customers in Q4 2024", "en", "post", "linkedin"),
    ("Create a LinkedIn post about our Q4 growth metrics", "en", "post", "linkedin"),
    ("Write a LinkedIn post about our conversion rate and traffic", "en", "post", "linkedin"),
    ("Draft a LinkedIn post on churn and customers for Q3 2024", "en", "post", "linkedin"),
    ("Write an e-mail to our customers about our results in Q4 2024", "en", "email", "email"),
    ("Write a tweet about our revenue in Q4 2024", "en", "post", "twitter"),
    ("Schreibe einen LinkedIn-Beitrag über unseren Umsatz im Q4 2024", "de", "post", "linkedin"),
    ("Schreibe einen LinkedIn-Beitrag über unser Wachstum", "de", "post", "linkedin"),
)
LEVELS: dict[str, tuple[float, float]] = {
    "revenue_monthly": (1_000, 900_000),
    "customer_count": (20, 9_000),
    "traffic_monthly": (2_000, 900_000),
    "conversion_rate": (0.01, 0.09),
    "churn_rate": (0.01, 0.08),
}


def metrics(chance: random.Random) -> Json:
    """One to five metrics, most of them with an earlier value."""
    found: Json = {}
    previous: Json = {}
    for name in chance.sample(list(LEVELS), chance.randint(1, len(LEVELS))):
        low, high = LEVELS[name]
        found[name] = _rounded(chance.uniform(low, high))
        if chance.random() < 0.7:
            previous[name] = _rounded(found[name] * chance.uniform(0.8, 1.15))
    return found | ({"previous": previous} if previous else {})


def _rounded(value: float) -> float:
    return round(value, 3) if value < 1 else max(1, int(value))


def texts(count: int, seed: int = 7) -> Iterator[Json]:
    """Payloads of AssessQuality with what the writer has made of them."""
    chance = random.Random(seed)
    for _ in range(count):
        request, language, kind, channel = chance.choice(REQUESTS)
        sample = Sample(
            "", request, "", kind, metrics(chance), chance.choice(TONES), (channel,), language
        )
        written = _written(payload_of(sample), kind)
        if written is not None:
            yield written


def _written(payload: Json, kind: str) -> Json | None:
    intent = payload["intent"]
    inputs = {
        "action": f"create_{kind}",
        "kind": kind,
        "insights": payload["materials"]["analyze"],
        **{name: intent[name] for name in ("tone", "language", "channels", "date_range")},
        "constraints": intent["constraints"],
        "requirements": intent["requirements"],
    }
    step = {name: payload[name] for name in ("request", "intent", "business_metrics")}
    asked = command(
        CommandKind.RUN_STEP,
        step | {"inputs": inputs},
        agent="content",
        tool_id="content_generator",
    )
    handler = CONTENT.compute(asked)
    outcome = handler(asked) if handler else None
    return payload | {"output": outcome.output} if isinstance(outcome, Done) else None


def spread(assessments: Sequence[QualityAssessment]) -> dict[str, list[float]]:
    """The scores by dimension, and overall."""
    found: dict[str, list[float]] = defaultdict(list)
    for one in assessments:
        found["overall"].append(one.overall)
        for dimension in one.dimensions:
            found[dimension.name].append(dimension.score)
    return dict(found)


def main() -> None:
    """Print the table."""
    judged = [assess(payload) for payload in texts(TEXTS)]
    found = spread(judged)
    for name, scores in found.items():
        low, high = min(scores), max(scores)
        print(f"{name:22} {fmean(scores):.3f} ±{pstdev(scores):.3f}  {low:.3f} to {high:.3f}")
    for low, high in pairwise(GRADES):
        count = sum(low <= score < high for score in found["overall"])
        print(f"{low:.2f} to {min(high, 1.0):.2f}: {count}")
    print(f"hard gates failed: {sum(bool(one.failed_gates) for one in judged)} of {len(judged)}")


if __name__ == "__main__":
    main()
