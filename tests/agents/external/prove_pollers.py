"""Competing pollers that die and stall: no command is handed out twice within a lease, none is
lost, and late results are refused and remembered.

    python -m tests.agents.external.prove_pollers [COMMANDS] [POLLERS] [SEED]
"""

import asyncio
import json
import re
import sys
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx

from tests.api.terminal import ROOT, Terminal

QUEUE = "/api/commands/"


@dataclass
class Proof:
    """What was seen."""

    commands: int
    pollers: int
    killed: int = 0
    seconds: float = 0.0
    claims: int = 0
    accepted: int = 0
    refused: int = 0
    refusals_kept: int = 0
    completed: int = 0
    twice_in_a_lease: list[str] = field(default_factory=list)
    accepted_twice: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    findings: list[Any] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether nothing is there that must not be."""
        return not (self.twice_in_a_lease or self.accepted_twice or self.lost or self.findings)


def prove(directory: Path, commands: int, pollers: int, seed: int = 1) -> Proof:
    """Run it in an empty directory, and look at what was left behind."""
    proof = Proof(commands, pollers)
    asyncio.run(work(directory, proof, seed))
    judge(directory, proof)
    verified = Terminal(directory)("verify", "--data", "data", "--json")
    proof.findings = verified.json["findings"]
    return proof


async def work(directory: Path, proof: Proof, seed: int) -> None:
    """A server, commands, and pollers until all are done."""
    terminal = Terminal(directory)
    server = terminal.start("up", "--echo", "--port", "0", "--data", "data")
    assert server.stdout is not None
    found = re.search(r"http://(\S+?)(?=,)", server.stdout.readline())
    assert found is not None
    try:
        async with httpx.AsyncClient(base_url=f"http://{found[1]}", timeout=60) as http:
            await dispatch(http, proof.commands)
            started = time.monotonic()
            polling = asyncio.create_task(run_pollers(terminal, found[1], proof.pollers, seed))
            await until_done(http)
            proof.seconds = time.monotonic() - started
            (directory / "stop").touch()
            proof.killed = await polling
            await look(http, proof)
    finally:
        server.terminate()
        server.communicate(timeout=30)


async def dispatch(http: httpx.AsyncClient, commands: int) -> None:
    """Put the commands in, some at a time."""
    numbers = iter(range(commands))

    async def put() -> None:
        for number in numbers:
            body = {"agent_type": "work", "action": "do", "max_attempts": 20}
            answer = await http.post(QUEUE, json=body | {"task_id": f"w{number}"})
            assert answer.status_code == 202, answer.text

    await asyncio.gather(*(put() for _ in range(16)))


async def until_done(http: httpx.AsyncClient) -> None:
    """Wait until no command is open any more."""
    is_open = True
    while is_open:
        await asyncio.sleep(0.2)
        figures = (await http.get(f"{QUEUE}statistics")).json()["items"]
        (work,) = [each for each in figures if each["agent_type"] == "work"]
        is_open = bool({"pending", "processing"} & set(work["by_status"]))


async def run_pollers(terminal: Terminal, place: str, pollers: int, seed: int) -> int:
    """Until they are told to stop; those that die are started again. The answer is how many
    died."""
    killed = 0

    async def keep(number: int) -> None:
        nonlocal killed
        for life in range(1_000):
            name = f"p{number}-{life}"
            journal = terminal.directory / f"{name}.jsonl"
            arguments = [place, name, str(journal), str(seed * 1_000_000 + number * 1_000 + life)]
            child = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "tests.agents.external.poller", *arguments, cwd=ROOT
            )
            if await child.wait() == 0:
                return
            assert child.returncode == 9
            killed += 1

    await asyncio.gather(*(keep(number) for number in range(pollers)))
    return killed


async def look(http: httpx.AsyncClient, proof: Proof) -> None:
    """What the server says of every command, and of every refusal."""
    cursor: str | None = None
    while True:
        query = {"agent_type": "work", "limit": 200} | ({"cursor": cursor} if cursor else {})
        page = (await http.get(QUEUE, params=query)).json()
        for item in page["items"]:
            if item["status"] == "completed":
                proof.completed += 1
            else:
                proof.lost.append(f"{item['command_id']} is {item['status']}: {item['error']}")
        cursor = page["next_cursor"]
        if cursor is None:
            break
    if proof.completed + len(proof.lost) != proof.commands:
        proof.lost.append(f"{proof.completed} of {proof.commands} commands are listed")


def judge(directory: Path, proof: Proof) -> None:
    """What the journals say, and what the history remembers."""
    claims: dict[str, list[Any]] = defaultdict(list)
    accepted: Counter[str] = Counter()
    for line in lines_of(directory):
        if line["what"] == "claimed":
            claims[line["id"]].append(line)
            proof.claims += 1
        elif line["status"] == 200:
            accepted[line["id"]] += line["verdict"] == "accepted"
        else:
            assert (line["status"], line["verdict"]) == (409, "lost_lease"), line
            proof.refused += 1
    proof.accepted = sum(accepted.values())
    proof.accepted_twice = [name for name, count in accepted.items() if count > 1]
    for name, held in claims.items():
        held.sort(key=lambda line: line["attempt"])
        proof.twice_in_a_lease += [
            f"{name}: {before['runner']} until {before['until']}, {after['runner']} again"
            for before, after in pairwise(held)
            if after["attempt"] == before["attempt"] or begin(after) < moment(before["until"])
        ]
    exported = Terminal(directory)(
        "export", "--events", "--format", "jsonl", "--out", "events.jsonl", "--data", "data"
    )
    assert exported.code == 0, exported.err
    events = (directory / "events.jsonl").read_text().splitlines()
    proof.refusals_kept = sum('"type": "input_refused.v1"' in event for event in events)


def lines_of(directory: Path) -> list[Any]:
    """All that the pollers wrote down; the last line of one that was killed may be cut off."""
    found = []
    for journal in directory.glob("p*.jsonl"):
        for line in journal.read_text().splitlines():
            if line.endswith("}"):
                found.append(json.loads(line))
    return found


def moment(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def begin(claim: Any) -> float:
    """When a lease began: it is as long as the pollers ask for."""
    from tests.agents.external.poller import LEASE

    return moment(claim["until"]) - LEASE


def main() -> int:
    """Prove it and say what was seen; 1 if it does not hold."""
    given = [int(text) for text in sys.argv[1:]]
    commands, pollers, seed = [*given, *(2_000, 4, 1)[len(given) :]]
    with tempfile.TemporaryDirectory() as directory:
        proof = prove(Path(directory), commands, pollers, seed)
    for name, value in vars(proof).items():
        print(f"{name:<17} {value}")
    return 0 if proof.holds else 1


if __name__ == "__main__":
    sys.exit(main())
