"""How good the whole evaluator is as a checker: how often it passes texts without a known fault,
and how often texts with one.

Two kinds of texts. Those written by hand were at hand while the evaluator was made. The composed
ones are the writer's, from metrics drawn at random, and each gets one fault by rule; that a text is
free of faults before means only that its figures are true. Run it as a module to see the tables.
"""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt

from agents.models.cascade import Checker
from agents.quality.assessment import assess
from streams.domain.values import Json
from tests.agents.quality_drafts import GOOD, payload_of
from tests.agents.quality_faults import FAULTS
from tests.agents.quality_posts import EXCELLENT, PLAIN
from tests.agents.quality_spread import texts

THRESHOLD = 0.85  # of a deliverable, unless stated otherwise in the settings
TEXTS = 200
# Where a fault makes a text wrong, not only weaker than it could be.
WRONG = ("accuracy", "completeness", "format", "length", "compliance", "constraints")
ABSENT = "Northwind Harbour"
_Z = 1.959964  # of a 95 % interval
_FIGURE = re.compile(r"(?<![\w.,])(?!20\d\d\b)\d[\d.,]*\d")
_SEED = 11


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many passed."""

    passed: int
    count: int

    @property
    def rate(self) -> float:
        return self.passed / self.count

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval (E. B. Wilson, 1927)."""
        square = _Z * _Z
        middle = (self.passed + square / 2) / (self.count + square)
        spread = self.passed * (self.count - self.passed) / self.count + square / 4
        half = _Z * sqrt(spread) / (self.count + square)
        return max(0.0, middle - half), min(1.0, middle + half)

    def __add__(self, other: "Share") -> "Share":
        return Share(self.passed + other.passed, self.count + other.count)

    def __str__(self) -> str:
        low, high = self.interval
        return f"{self.rate:.3f} ({self.passed}/{self.count}) [{low:.3f}, {high:.3f}]"


@dataclass(frozen=True, slots=True)
class Measured:
    """What passes of one kind of texts: those without a fault, and those with one, by fault."""

    name: str
    good: Share
    faulty: dict[str, Share]

    @property
    def bad(self) -> Share:
        """All texts with a fault."""
        return sum(self.faulty.values(), Share(0, 0))

    @property
    def checker(self) -> Checker:
        return Checker(tpr=self.good.rate, fpr=self.bad.rate)

    @property
    def worst(self) -> Checker:
        """The ends of both intervals that do it the least credit."""
        return Checker(tpr=self.good.interval[0], fpr=self.bad.interval[1])

    def only(self, name: str, kinds: Sequence[str]) -> "Measured":
        """The same with some kinds of faults alone."""
        kept = {kind: share for kind, share in self.faulty.items() if kind in kinds}
        return Measured(name, self.good, kept)


def passes(payload: Json) -> bool:
    """What the cascade asks: is the text let through?"""
    return assess(payload).passes(THRESHOLD)


def _share(payloads: Sequence[Json]) -> Share:
    return Share(sum(map(passes, payloads)), len(payloads))


def by_hand() -> Measured:
    """Hand-written texts; faults by the dimension that has to find them."""
    good = [payload_of(sample) for sample in (*GOOD, *EXCELLENT, *PLAIN)]
    kinds = sorted({fault.dimension for fault in FAULTS})
    faulty = {
        kind: _share([payload_of(f.sample) for f in FAULTS if f.dimension == kind])
        for kind in kinds
    }
    return Measured("by hand", _share(good), faulty)


def composed(count: int = TEXTS) -> Measured:
    """The writer's texts, each as it is and once with every kind of fault."""
    chance = random.Random(_SEED)
    good = list(texts(count))
    faulty = {
        kind: _share([planted for one in good if (planted := plant(one, chance)) is not None])
        for kind, plant in PLANTED.items()
    }
    return Measured("composed", _share(good), faulty)


def with_text(payload: Json, text: str) -> Json:
    """The same request with another text; what the writer says of its text beside it goes."""
    kept = ("kind", "subject", "hashtags", "is_offline")
    output = {name: payload["output"][name] for name in kept if name in payload["output"]}
    return payload | {"output": output | {"content": text}}


def changed_figure(payload: Json, chance: random.Random) -> Json | None:
    """One figure of the text with another first digit, wherever it stands; None without one."""
    text: str = payload["output"]["content"]
    found = sorted({match.group() for match in _FIGURE.finditer(text)})
    if not found:
        return None
    figure = chance.choice(found)
    other = chance.choice([digit for digit in "123456789" if digit != figure[0]])
    swapped = re.sub(rf"(?<![\w.,]){re.escape(figure)}(?![\d])", other + figure[1:], text)
    return with_text(payload, swapped)


def invented_figure(payload: Json, chance: random.Random) -> Json:
    """A sentence with a figure that nobody gave."""
    share = f"{chance.randint(51, 89)}.{chance.randint(1, 9)}"
    told = {
        "en": f"Satisfaction of our customers is {share}%.",
        "de": f"Die Zufriedenheit unserer Kunden liegt bei {share.replace('.', ',')} %.",
    }
    return _with_sentence(payload, told)


def hype(payload: Json, _: random.Random) -> Json:
    """A sentence in a tone that nobody asked for."""
    told = {
        "en": "Our GAME-CHANGING product is absolutely INSANE!!!",
        "de": "Unser Produkt ist einfach der absolute WAHNSINN und TOTAL genial!!!",
    }
    return _with_sentence(payload, told)


def promise(payload: Json, _: random.Random) -> Json:
    """A sentence that the law does not like."""
    told = {
        "en": "We guarantee every customer the same growth.",
        "de": "Wir garantieren jedem Kunden dasselbe Wachstum.",
    }
    return _with_sentence(payload, told)


def gap(payload: Json, _: random.Random) -> Json:
    """A sentence with a place that was to be filled."""
    told = {"en": "[Company name] says thanks.", "de": "[Firmenname] sagt danke."}
    return _with_sentence(payload, told)


def missing_demand(payload: Json, _: random.Random) -> Json:
    """The same text where a phrase was asked for that it does not have."""
    return _asked(payload, {"must_include": [ABSENT]})


def over_length(payload: Json, _: random.Random) -> Json:
    """The same text where half as many words were allowed."""
    return _asked(payload, {"max_words": max(1, len(payload["output"]["content"].split()) // 2)})


def wrong_language(payload: Json, _: random.Random) -> Json:
    """The same text where the other language was asked for."""
    other = {"en": "de", "de": "en"}[payload["intent"]["language"]]
    return payload | {"intent": payload["intent"] | {"language": other}}


def _with_sentence(payload: Json, told: dict[str, str]) -> Json:
    """The sentence before the last paragraph, where it disturbs least."""
    head, separator, tail = payload["output"]["content"].rpartition("\n\n")
    sentence = told[payload["intent"]["language"]]
    return with_text(payload, f"{head}{separator}{sentence}\n\n{tail}")


def _asked(payload: Json, more: Json) -> Json:
    intent = payload["intent"]
    return payload | {"intent": intent | {"constraints": intent["constraints"] | more}}


PLANTED: dict[str, Callable[[Json, random.Random], Json | None]] = {
    "figure changed": changed_figure,
    "figure invented": invented_figure,
    "demand missing": missing_demand,
    "over length": over_length,
    "wrong language": wrong_language,
    "wrong tone": hype,
    "promise": promise,
    "gap": gap,
}


def measured() -> tuple[Measured, ...]:
    """What the cascade is reckoned with."""
    hand, written = by_hand(), composed()
    return (
        hand,
        hand.only("by hand, faults that make it wrong", WRONG),
        written,
        written.only("composed, figures alone", ("figure changed", "figure invented")),
    )


def main() -> None:
    """Print the tables."""
    for one in (by_hand(), composed()):
        print(f"{one.name}: without fault {one.good}, with a fault {one.bad}")
        for kind, share in one.faulty.items():
            print(f"  {kind:22} {share}")


if __name__ == "__main__":
    main()
