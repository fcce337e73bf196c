"""Proves on real brokers that nothing is lost, doubled or done twice, whatever dies or is sent:
`python -m tests.kafka.prove_kafka`.

Three parts, each on brokers of its own: workers killed and a broker restarted; three brokers of
which one dies; poison among good requests. It ends with 1 if anything is not as it must be.
"""

import argparse
import asyncio
import logging
import os
import sys
import time
from collections.abc import Awaitable, Callable
from functools import partial

from tests.kafka import prove_kills, prove_poison
from tests.kafka.broker import cluster
from tests.kafka.install import Missing
from tests.kafka.prove_crew import Counts

_SHOWN = 10  # findings


def main() -> int:
    """Run the parts that are asked for, and say what came of them."""
    chosen = _arguments()
    # Brokers go away here: what clients and Faust say about it is no news.
    logging.basicConfig(level=logging.CRITICAL)
    parts: dict[str, Callable[[], Awaitable[bool]]] = {
        "kills": partial(_kills, _kills_plan(chosen)),
        "brokers": partial(_kills, _brokers_plan(chosen)),
        "poison": partial(_poison, _poison_plan(chosen)),
    }
    passed: dict[str, bool] = {}
    for name in chosen.part:
        load = ", ".join(f"{average:.1f}" for average in os.getloadavg())
        print(f"== {name} (load {load} on {os.cpu_count()} processors)", flush=True)
        try:
            passed[name] = asyncio.run(_within(parts[name], chosen.limit))
        except Missing as missing:
            print(missing, file=sys.stderr)
            return 1
        except TimeoutError as error:
            print(f"FAILED: {error or f'not done within {chosen.limit:g} s'}")
            passed[name] = False
        print("passed" if passed[name] else "FAILED", flush=True)
    return 0 if all(passed.values()) else 1


def _arguments() -> argparse.Namespace:
    kills, poison = prove_kills.Plan(), prove_poison.Plan()
    parser = argparse.ArgumentParser(prog="python -m tests.kafka.prove_kafka", description=__doc__)
    parser.add_argument("--part", nargs="+", choices=_PARTS, default=_PARTS)
    parser.add_argument("--kind", choices=["plain", "faust"], default=kills.kind)
    parser.add_argument("--tasks", type=int, default=kills.tasks, help="while workers are killed")
    parser.add_argument("--kills", type=int, default=kills.kills, help="of workers")
    parser.add_argument("--effects", type=int, default=kills.effects, help="that must happen once")
    parser.add_argument("--broker-tasks", type=int, default=10_000, help="on three brokers")
    parser.add_argument("--good", type=int, default=poison.tasks, help="requests among poison")
    parser.add_argument("--poison", type=int, default=poison.poison, help="messages of poison")
    parser.add_argument("--rate", type=float, default=kills.rate, help="messages a second")
    parser.add_argument("--limit", type=float, default=420.0, help="seconds that a part may take")
    return parser.parse_args()


_PARTS = ("kills", "brokers", "poison")


def _kills_plan(chosen: argparse.Namespace) -> prove_kills.Plan:
    return prove_kills.Plan(
        chosen.kind,
        tasks=chosen.tasks,
        effects=chosen.effects,
        kills=chosen.kills,
        rate=chosen.rate,
    )


def _brokers_plan(chosen: argparse.Namespace) -> prove_kills.Plan:
    return prove_kills.Plan(
        chosen.kind,
        brokers=3,
        tasks=chosen.broker_tasks,
        effects=10,
        kills=1,
        agent_kills=0,
        is_broker_restarted=False,
        is_broker_killed=True,
        rate=chosen.rate,
    )


def _poison_plan(chosen: argparse.Namespace) -> prove_poison.Plan:
    return prove_poison.Plan(chosen.kind, chosen.good, chosen.poison, chosen.rate)


async def _within(part: Callable[[], Awaitable[bool]], limit: float) -> bool:
    async with asyncio.timeout(limit):
        return await part()


async def _kills(plan: prove_kills.Plan) -> bool:
    out = await prove_kills.prove(plan, _say())
    tasks = plan.tasks + plan.effects
    print(f"{out.acknowledged:,} requests from outside and {plan.effects} tasks with an effect")
    print(f"{out.ended:,} of {tasks:,} ended once in {out.seconds:.1f} s", end=" ")
    print(f"({out.ended / out.seconds:.0f} a second)")
    print(f"lost {len(out.lost)}, doubled {len(out.doubled)}", end=", ")
    print(f"effects twice {len(out.effects_twice)}, missing {len(out.effects_missing)}")
    print(f"effects left to a person, since the agents died at them: {len(out.uncertain)}")
    print(f"verified {out.verified:,} histories: {len(out.findings)} findings")
    print(f"unread {out.unread}")
    for what, seconds in out.silences.items():
        print(f"  {what}: longest silence of any partition {seconds:.1f} s")
    _print_counts(out.counts)
    _print_some([*out.lost, *out.doubled, *out.effects_twice, *out.effects_missing, *out.findings])
    return out.is_clean(plan)


async def _poison(plan: prove_poison.Plan) -> bool:
    with cluster() as broker:
        out = await prove_poison.prove(plan, broker.bootstrap, _say())
    print(f"{out.acknowledged:,} messages from outside, {plan.poison:,} of them poison")
    print(f"{out.ended:,} of {plan.tasks:,} good ones ended once in {out.seconds:.1f} s")
    print(f"poison kept byte for byte {out.kept:,} of {plan.poison:,}, changed {out.changed}")
    print(f"unread {out.unread}; findings {len(out.findings)}", end="; ")
    print(f"workers that ended by themselves {len(out.ended_by_themselves)}")
    _print_some([*out.more, *out.findings])
    return out.is_clean(plan)


def _say() -> prove_kills.Say:
    started = time.monotonic()
    return lambda text: print(f"  {time.monotonic() - started:6.1f} s  {text}", flush=True)


def _print_counts(counts: Counts) -> None:
    starts = ", ".join(f"{seconds:.1f}" for seconds in counts.starts)
    print(f"  seconds from a start until it worked: {starts}")
    print(f"  ended by themselves and started again: {counts.ended_by_themselves or 'none'}")
    print(f"  left in order with the codes: {counts.left}")


def _print_some(findings: list[str]) -> None:
    for finding in findings[:_SHOWN]:
        print(f"  {finding}")


if __name__ == "__main__":
    sys.exit(main())
