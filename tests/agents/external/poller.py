"""A poller that dies, stalls and comes back: it works on commands over HTTP and writes down each
claim and each answer before it goes on. It ends when there is a file `stop` beside its journal.

    python -m tests.agents.external.poller HOST:PORT NAME JOURNAL SEED
"""

import http.client
import json
import os
import random
import sys
import time
from pathlib import Path
from typing import Any

LEASE = 1.0  # seconds
CRASH, STALL = 0.02, 0.02  # of commands: the process dies, or sleeps past its lease
WAIT = 1  # seconds that an empty queue is waited on


class Poller:
    """One process."""

    def __init__(self, place: str, name: str, journal: Path, seed: int) -> None:
        self.name = name
        self.chance = random.Random(seed)
        self.http = http.client.HTTPConnection(place, timeout=60)
        self.journal = journal.open("a", buffering=1)
        self.stop = journal.with_name("stop")

    def run(self) -> None:
        """Until it is told to stop."""
        while not self.stop.exists():
            body = {"agent": self.name, "agent_types": ["work"], "lease_seconds": LEASE, "limit": 4}
            _, answer = self.call("POST", "/api/commands/claim", body, wait=WAIT)
            items = answer["items"]
            for item in items:
                self.note("claimed", item, until=item["lease"]["until"])
            for item in items:
                self.work(item)

    def work(self, item: dict[str, Any]) -> None:
        """Do one, unless chance has it otherwise."""
        self.perhaps_die()
        if self.chance.random() < STALL:
            time.sleep(LEASE * self.chance.uniform(1.2, 4))
        output = {"by": self.name, "attempt": item["attempt"]}
        body = {"agent": self.name, "attempt": item["attempt"], "output": output}
        path = f"/api/commands/{item['command_id']}/result"
        status, answer = self.call("PATCH", path, body)
        self.perhaps_die()
        self.note("told", item, status=status, verdict=answer.get("verdict") or answer.get("code"))

    def perhaps_die(self) -> None:
        if self.chance.random() < CRASH / 2:
            os._exit(9)

    def call(self, method: str, path: str, body: Any, wait: int = 0) -> tuple[int, dict[str, Any]]:
        """One call on the connection that is kept open."""
        headers = {"Content-Type": "application/json", "Prefer": f"wait={wait}"}
        self.http.request(method, path, json.dumps(body), headers)
        answer = self.http.getresponse()
        document: dict[str, Any] = json.loads(answer.read())
        return answer.status, document

    def note(self, what: str, item: dict[str, Any], **more: Any) -> None:
        said = {"what": what, "id": item["command_id"], "attempt": item["attempt"]}
        self.journal.write(json.dumps(said | {"runner": self.name} | more) + "\n")


if __name__ == "__main__":
    Poller(sys.argv[1], sys.argv[2], Path(sys.argv[3]), int(sys.argv[4])).run()
