"""Lists over time to test forecasts on: kinds that are made, and one that was observed; and how
often the stated intervals hold the values that were held back.

python -m tests.agents.forecast_lists
"""

import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from agents.figures.backtest import carry_on

Values = Sequence[float]
STEPS = 3
SIZES = (4, 5, 6, 7, 8, 9, 10, 12, 16, 20, 24, 30, 36)
# Monthly airline passengers in thousands, 1949 to 1960 (Box and Jenkins, Time Series Analysis,
# series G).
PASSENGERS = (
    112, 118, 132, 129, 121, 135, 148, 148, 136, 119, 104, 118, 115, 126, 141, 135, 125, 149, 170,
    170, 158, 133, 114, 140, 145, 150, 178, 163, 172, 178, 199, 199, 184, 162, 146, 166, 171, 180,
    193, 181, 183, 218, 230, 242, 209, 191, 172, 194, 196, 196, 236, 235, 229, 243, 264, 272, 237,
    211, 180, 201, 204, 188, 235, 227, 234, 264, 302, 293, 259, 229, 203, 229, 242, 233, 267, 269,
    270, 315, 364, 347, 312, 274, 237, 278, 284, 277, 317, 313, 318, 374, 413, 405, 355, 306, 271,
    306, 315, 301, 356, 348, 355, 422, 465, 467, 404, 347, 305, 336, 340, 318, 362, 348, 363, 435,
    491, 505, 404, 359, 310, 337, 360, 342, 406, 396, 420, 472, 548, 559, 463, 407, 362, 405, 417,
    391, 419, 461, 472, 535, 622, 606, 508, 461, 390, 432,
)  # fmt: skip


@dataclass(slots=True)
class Held:
    """How many values were held back, and how many of them the intervals of 80 and 95 % held."""

    values: int = 0
    inner: int = 0
    outer: int = 0

    @property
    def shares(self) -> tuple[float, float]:
        """The shares held: of the 80 % interval, of the 95 % interval."""
        return self.inner / self.values, self.outer / self.values


def lists(n: int, chance: random.Random) -> Iterator[tuple[str, Values]]:
    """One list of n values of each kind, with its name."""
    base, phase, growth = chance.uniform(50, 200), chance.uniform(0, 12), chance.uniform(0.01, 0.06)

    def noise(size: float) -> float:
        return chance.gauss(0, size)

    def season(i: int) -> float:
        return math.sin(2 * math.pi * (i + phase) / 12)

    yield "a line with noise", [base + 2 * i + noise(5) for i in range(n)]
    yield "a level with noise", [base + noise(8) for _ in range(n)]
    yield "a random walk", _walk(base, n, lambda value: value + 1 + noise(4))
    yield "errors that last", _lasting(base, n, noise)
    yield "growth with noise", [base * math.exp(growth * i + noise(0.03)) for i in range(n)]
    yield "a growing walk", _walk(base, n, lambda value: value * math.exp(growth + noise(0.04)))
    yield "a season on a line", [base + 1.2 * i + 20 * season(i) + noise(4) for i in range(n)]
    yield (
        "a growing season",
        [base * math.exp(0.015 * i + noise(0.03)) * (1 + 0.25 * season(i)) for i in range(n)],
    )
    yield "saturation", [_saturating(base, i, n) + noise(3) for i in range(n)]
    shift = chance.randint(n // 3, 2 * n // 3)
    yield "a step", [base + 25 * (i >= shift) + noise(4) for i in range(n)]
    yield "counts", [_count(8 + 0.3 * i, chance) for i in range(n)]
    yield "recurring revenue", _recurring(n, chance)
    yield "a falling rate", [max(0.0005, 0.04 * math.exp(-i / 99) + noise(0.002)) for i in range(n)]
    first = chance.randint(0, len(PASSENGERS) - n)
    yield "airline passengers", [float(x) for x in PASSENGERS[first : first + n]]


def _walk(base: float, n: int, step: Callable[[float], float]) -> Values:
    values = [base]
    while len(values) < n:
        values.append(step(values[-1]))
    return values


def _lasting(base: float, n: int, noise: Callable[[float], float]) -> Values:
    error, values = 0.0, list[float]()
    for i in range(n):
        error = 0.6 * error + noise(4)
        values.append(base + 1.5 * i + error)
    return values


def _saturating(base: float, i: int, n: int) -> float:
    return base * 4 / (1 + math.exp(-(i - n / 2) / (n / 6)))


def _count(mean: float, chance: random.Random) -> float:
    """A Poisson number (Knuth's algorithm)."""
    limit, product, count = math.exp(-mean), chance.random(), 0
    while product > limit:
        product *= chance.random()
        count += 1
    return float(count)


def _recurring(n: int, chance: random.Random) -> Values:
    """Customers that sign up and leave, times what each pays."""
    customers, sign_ups, churn = chance.randint(80, 300), chance.uniform(8, 20), 0.03
    values = list[float]()
    for i in range(n):
        customers += int(_count(sign_ups * 1.02**i, chance) - _count(customers * churn, chance))
        values.append(customers * chance.uniform(48, 52))
    return values


def coverage(sizes: Sequence[int], repeats: int) -> dict[str, Held]:
    """How often the intervals held the values held back: by kind, by length, by step, of all."""
    found: dict[str, Held] = {}
    for n in sizes:
        steps = min(STEPS, max(1, n // 2))
        for repeat in range(repeats):
            for kind, values in lists(n + STEPS, random.Random(f"{n}/{repeat}")):
                made = carry_on(values[:n], steps, cycle=12)
                assert made is not None
                for step, ahead in enumerate(made.ahead):
                    true = values[n + step]
                    for key in (kind, f"{n} values", f"step {step + 1}", "all"):
                        held = found.setdefault(key, Held())
                        held.values += 1
                        held.inner += ahead.inner_low <= true <= ahead.inner_high
                        held.outer += ahead.low <= true <= ahead.high
    return found


def main() -> None:
    """Print the table."""
    print(f"{'':22} {'held back':>9} {'80 %':>7} {'95 %':>7}")
    for key, held in coverage(SIZES, repeats=20).items():
        inner, outer = held.shares
        print(f"{key:22} {held.values:9,} {inner:7.1%} {outer:7.1%}")


if __name__ == "__main__":
    main()
