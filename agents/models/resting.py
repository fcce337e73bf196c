"""Which models are let rest after errors, and for how long: a pure record, the time comes with each
call. Seconds."""

from dataclasses import dataclass, field

from agents.models.calls import Fault
from agents.models.providers import Target

FAILURES_ALLOWED = 3  # in a row, before a model rests
FIRST_REST, LONGEST_REST = 15.0, 300.0
RATE_REST = 5.0  # after a rate limit that does not say how long
KEY_REST = 600.0  # a wrong key does not mend itself
# What is wrong with the whole provider rather than with one of its models.
_OF_PROVIDER = frozenset({Fault.UNREACHABLE, Fault.BAD_KEY})
_NOT_ITS_FAULT = frozenset({Fault.CANCELLED, Fault.BAD_REQUEST, Fault.NOT_SET_UP})


@dataclass(slots=True)
class _Record:
    failures: int = 0
    rests_until: float = 0.0
    rested: int = 0  # how often already since it last answered


@dataclass(slots=True)
class Resting:
    """The failures of each model and provider since it last answered."""

    _records: dict[str, _Record] = field(default_factory=dict)
    _providers: dict[str, str] = field(default_factory=dict)

    def answered(self, target: Target) -> None:
        """It works (again)."""
        self._records.pop(target.model, None)
        self._records.pop(_provider_key(target.provider), None)

    def failed(self, target: Target, fault: Fault, now: float, after: float | None = None) -> None:
        """It failed; `after` is how long it asked to be left alone."""
        if fault in _NOT_ITS_FAULT:
            return
        self._providers[target.model] = target.provider
        key = _provider_key(target.provider) if fault in _OF_PROVIDER else target.model
        record = self._records.setdefault(key, _Record())
        record.failures += 1
        rest = _rest(record, fault, after)
        if rest > 0:
            record.rested += 1
            record.rests_until = max(record.rests_until, now + rest)

    def rest_of(self, target: Target, now: float) -> float:
        """How many seconds it is to be left alone; 0 when it may be asked."""
        keys = (target.model, _provider_key(target.provider))
        ends = [self._records[key].rests_until for key in keys if key in self._records]
        return max(0.0, max(ends, default=0.0) - now)

    def cooling(self, now: float) -> frozenset[str]:
        """The models that rest now."""
        return frozenset(
            model
            for model, provider in self._providers.items()
            if self.rest_of(Target(model, provider, model), now) > 0
        )


def _provider_key(provider: str) -> str:
    return f"{provider}:*"


def _rest(record: _Record, fault: Fault, after: float | None) -> float:
    if fault is Fault.BAD_KEY:
        return KEY_REST
    if fault is Fault.RATE_LIMITED:
        return min(after if after is not None else RATE_REST * 2**record.rested, LONGEST_REST)
    if record.failures < FAILURES_ALLOWED:
        return 0.0
    return float(min(FIRST_REST * 2**record.rested, LONGEST_REST))
