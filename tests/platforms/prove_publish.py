"""Publishes through the real `orchestrator up` to platforms on loopback, and makes life hard for
it: kill -9 at random, when a request has arrived, when it was accepted but not answered, pauses
beyond the grant, lost answers, rate limits. Then counts.

python -m tests.platforms.prove_publish --publications 300

Every publication that was acknowledged must be on its platform exactly once in the end, and must
never have been there twice, not even for a moment. Where nobody can know, its task must ask; the
prover answers as a human would, by looking at the platform. The platforms take every text twice if
they are asked twice: they refuse no duplicates and know no key.
"""

import argparse
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.platforms.faults import Fault, Stage
from tests.platforms.linkedin import LinkedIn, plain
from tests.platforms.mail import Certificates, MailServer, mail_serving
from tests.platforms.serving import serving
from tests.platforms.world import PEOPLE, World
from tests.platforms.x import X

EFFECT_SECONDS = 2.0  # how long a grant lasts
PAUSE = 2.6  # seconds of a pause beyond it
STALL = 60.0  # seconds without news after which something is stranded
MODES = ("random", "arrived", "accepted", "pause", "pause_arrived", "calm")
WEIGHTS = (5, 4, 4, 2, 2, 1)
FAULTS = (Fault.CLOSE_AFTER, Fault.CLOSE_BEFORE, Fault.RATE_LIMITED, Fault.ERROR_AFTER, Fault.SLOW)
SHARE_OF_FAULTS = 0.25
PORTION = 5  # publications that begin in one life
TOKEN_LENGTH = 10  # of pub00012x0: the number of the publication, and of the part


@dataclass
class Wanted:
    """One publication: what it says, and what became of it."""

    number: int
    task_id: str
    platform: str
    texts: list[str]
    is_acknowledged: bool = False
    status: str = ""
    has_asked: bool = False
    receipt: str = ""
    is_dry_run: bool = False

    @property
    def body(self) -> dict[str, Any]:
        """As it is posted; the same id makes a repeat harmless."""
        metadata: dict[str, Any] = {}
        if len(self.texts) > 1:
            metadata["parts"] = self.texts
        if self.platform == "email":
            metadata["subject"] = self.texts[0][:60]
        return {
            "task_id": self.task_id,
            "platform": self.platform,
            "content": " ".join(self.texts),
            "metadata": metadata,
        }

    @property
    def is_over(self) -> bool:
        """Whether its task has ended."""
        return self.status in ("approved", "failed", "rejected", "cancelled")


@dataclass
class Tally:
    """What happened."""

    lives: int = 0
    ends: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    twice: list[str] = field(default_factory=list)
    failures: int = 0
    deleted: int = 0
    faults: int = 0


def wanted(count: int, chance: random.Random) -> list[Wanted]:
    """What is to be published: a third on each platform, some of it in threads."""
    found = []
    for number in range(count):
        platform = ("linkedin", "twitter", "email")[number % 3]
        token = f"pub{number:05d}"
        size = 3 if platform == "twitter" and chance.random() < 0.4 else 1
        texts = [f"{token}x{part} says that we grew." for part in range(size)]
        found.append(Wanted(number, f"pub-{number:05d}", platform, texts))
    return found


class Prover:
    """Drives one run: lives of the process, and what a human does about them."""

    def __init__(self, world: World, directory: Path, chance: random.Random) -> None:
        self.tally = Tally()
        self._world = world
        self._directory = directory
        self._chance = chance
        self._port = _free_port()
        self._child: subprocess.Popen[str] | None = None
        self._armed: tuple[Stage, int] | None = None
        self._lock = threading.Lock()
        for platform in (world.linkedin, world.x, world.mail):
            platform.faults.hook = self._hooked

    def run(self, publications: list[Wanted]) -> None:
        """Lives until all are published, the last one in peace."""
        waiting = list(publications)
        begun: list[Wanted] = []
        while waiting:
            begun += waiting[:PORTION]
            waiting = waiting[PORTION:]
            (mode,) = self._chance.choices(MODES, WEIGHTS)
            self._plan_faults()
            self._life(mode, begun)
        self._world.linkedin.faults.waiting.clear()
        self._world.x.faults.waiting.clear()
        self._world.mail.faults.waiting.clear()
        self._life("last", begun)

    def _life(self, mode: str, begun: list[Wanted]) -> None:
        """One life of the process."""
        self.tally.lives += 1
        self.tally.ends[mode] += 1
        with self._running() as client, suppress(httpx.HTTPError):
            self._answer(client, begun)
            if mode == "last":
                self._finish(client, begun)
                return
            if mode in ("arrived", "accepted", "pause_arrived"):
                self._arm(mode)
            for each in begun:
                if not each.is_acknowledged:
                    self._ask(client, each)
            self._end(mode)
            self._answer(client, begun)

    def _end(self, mode: str) -> None:
        """What ends this life, or disturbs it."""
        child = self._child
        assert child is not None
        match mode:
            case "random":
                time.sleep(self._chance.uniform(0.0, 0.25))
                child.kill()
            case "arrived" | "accepted":
                _until(lambda: child.poll() is not None, 3.0)
            case "pause":
                time.sleep(self._chance.uniform(0.0, 0.1))
                self._pause(child.pid)
            case "pause_arrived":
                _until(lambda: self._armed is None, 3.0)
                time.sleep(PAUSE + 0.5)
            case _:
                time.sleep(0.5)

    def _arm(self, mode: str) -> None:
        number = signal.SIGSTOP if mode == "pause_arrived" else signal.SIGKILL
        stage = Stage.ACCEPTED if mode == "accepted" else Stage.ARRIVED
        with self._lock:
            self._armed = (stage, number)

    def _hooked(self, stage: Stage, what: str) -> None:
        """A platform says how far a request has come; it may be the moment to strike."""
        if stage is Stage.ACCEPTED:
            self._look_for_twice(what)
        with self._lock:
            child, armed = self._child, self._armed
            if child is None or armed is None or armed[0] is not stage:
                return
            self._armed = None
        if armed[1] == signal.SIGKILL:
            child.kill()
            child.wait()  # it is gone before the platform does anything more
        else:
            self._pause(child.pid)

    def _pause(self, pid: int) -> None:
        """Stop the process for longer than its grants last."""

        def go_on() -> None:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)

        os.kill(pid, signal.SIGSTOP)
        threading.Timer(PAUSE, go_on).start()

    def _look_for_twice(self, what: str) -> None:
        start = what.find("pub0")
        token = what[start : start + TOKEN_LENGTH]
        if sum(token in text for text in self.visible()) > 1:
            self.tally.twice.append(token)

    def visible(self) -> list[str]:
        """All that is on the platforms now."""
        world = self._world
        mails = [mail.content.decode("ascii", "replace") for mail in list(world.mail.mails)]
        subjects = [mail[: mail.find("\r\n\r\n")] for mail in mails]
        posts = [plain(post["commentary"]) for post in list(world.linkedin.posts.values())]
        return [*posts, *(post["text"] for post in list(world.x.posts.values())), *subjects]

    def _plan_faults(self) -> None:
        for platform in (self._world.linkedin, self._world.x, self._world.mail):
            for _ in range(PORTION):
                fault = None
                if self._chance.random() < SHARE_OF_FAULTS:
                    fault = self._chance.choice(FAULTS)
                    self.tally.faults += 1
                platform.faults.waiting.append(fault)  # type: ignore[arg-type] - none: no fault
        self._world.linkedin.retry_after = "1"
        self._world.x.reset_at = time.time() + 1

    def _ask(self, client: httpx.Client, each: Wanted) -> None:
        answer = client.post("/api/social/publish", json=each.body)
        if answer.status_code != 202:
            raise RuntimeError(f"{each.task_id}: {answer.text}")
        assert answer.json()["is_live"], answer.text
        each.is_acknowledged = True

    def _answer(self, client: httpx.Client, begun: list[Wanted]) -> None:
        """Look after all that have not ended: answer what they ask, and retry what failed."""
        for each in begun:
            if not each.is_acknowledged or each.is_over:
                continue
            status = client.get(f"/api/orchestrator/status/{each.task_id}").json()
            each.status = status["status"]
            for publication in status["publications"].values():
                each.receipt = publication["reference"] or ""
                each.is_dry_run = bool(publication["is_dry_run"])
            for asked in status["questions"]:
                each.has_asked = True
                self._settle(client, each, asked)
            if each.status == "failed":
                self.tally.failures += 1
                if self._seen(each):
                    raise RuntimeError(f"{each.task_id} failed, but is there: {status['error']}")
                client.post(f"/api/orchestrator/tasks/{each.task_id}/retry")
                each.status = ""

    def _settle(self, client: httpx.Client, each: Wanted, asked: dict[str, Any]) -> None:
        """Look at the platform, and say what is there. Of half a thread, what the task does not
        know of is taken away first, as the question says."""
        seen = self._seen(each)
        said = "done" if len(seen) == len(each.texts) else "not done"
        if said == "not done" and seen:
            self._take_away(client, each)
        path = f"/api/orchestrator/tasks/{each.task_id}/answer"
        answer = client.post(path, json={"answer": said, "question_id": asked["question_id"]})
        if answer.status_code == 200:
            self.tally.answers[said] += 1

    def _take_away(self, client: httpx.Client, each: Wanted) -> None:
        events = client.get(f"/api/orchestrator/tasks/{each.task_id}/events").json()["events"]
        known: list[str] = []
        for event in events:
            progress = (event["data"] or {}).get("progress") or {}
            known = progress.get("posted", known)
        x = self._world.x
        for number, post in list(x.posts.items()):
            if post["text"] in each.texts and number not in known:
                del x.posts[number]
                self.tally.deleted += 1

    def _seen(self, each: Wanted) -> list[str]:
        """Which of its texts are on the platform."""
        visible = self.visible()
        return [
            text for text in each.texts if any(text[:TOKEN_LENGTH] in found for found in visible)
        ]

    def _finish(self, client: httpx.Client, begun: list[Wanted]) -> None:
        deadline = time.monotonic() + STALL
        left = len(begun) + 1
        while any(not each.is_over for each in begun):
            for each in begun:
                if not each.is_acknowledged:
                    self._ask(client, each)
            self._answer(client, begun)
            now = sum(not each.is_over for each in begun)
            if now < left:
                left, deadline = now, time.monotonic() + STALL
            if time.monotonic() > deadline:
                names = [each.task_id for each in begun if not each.is_over][:10]
                raise RuntimeError(f"no news for {STALL:g} s: {names}")
            time.sleep(0.05)

    @contextmanager
    def _running(self) -> Iterator[httpx.Client]:
        """The process, from when it answers; killed at the end."""
        command = [sys.executable, "-m", "api.cli", "up", "--port", str(self._port)]
        with (self._directory / "up.log").open("a") as log:
            child = subprocess.Popen(
                [*command, "--data", str(self._directory / "data")],
                env=self._environment(),
                stdout=log,
                stderr=log,
                text=True,
            )
        with self._lock:
            self._child = child
        url = f"http://127.0.0.1:{self._port}"
        try:
            with httpx.Client(base_url=url, timeout=10.0, trust_env=False) as client:
                _until(lambda: _is_alive(client) or child.poll() is not None, 30.0)
                yield client
        finally:
            with self._lock:
                self._child, self._armed = None, None
            with suppress(ProcessLookupError):
                os.kill(child.pid, signal.SIGCONT)
            child.kill()
            child.wait()

    def _environment(self) -> dict[str, str]:
        settings = self._world.settings | {"effect_seconds": EFFECT_SECONDS}
        settings["smtp_recipients"] = PEOPLE[0]
        ours = {f"ORCHESTRATOR_{name.upper()}": str(value) for name, value in settings.items()}
        others = {k: v for k, v in os.environ.items() if not k.startswith("ORCHESTRATOR_")}
        return others | ours


def count(prover: Prover, publications: list[Wanted], directory: Path) -> dict[str, Any]:
    """Look at the platforms and at the log from outside."""
    visible = prover.visible()
    copies = Counter(_copies(text, visible) for each in publications for text in each.texts)
    lost = [
        f"{each.platform} {each.task_id}: {each.receipt}"
        for each in publications
        if not all(_copies(text, visible) for text in each.texts)
    ]
    verify = _verify(directory)
    statuses = Counter(each.status for each in publications)
    asked = sum(each.has_asked for each in publications)
    return {
        "publications": len(publications),
        "texts": sum(len(each.texts) for each in publications),
        "acknowledged": sum(each.is_acknowledged for each in publications),
        "statuses": dict(statuses),
        "published without a question": sum(
            each.status == "approved" and not each.has_asked for each in publications
        ),
        "uncertain at some time": asked,
        "texts on the platform once": copies[1],
        "texts lost": copies[0],
        "lost are": lost[:10],
        "dry runs": sum(each.is_dry_run for each in publications),
        "texts there twice in the end": sum(n for times, n in copies.items() if times > 1),
        "texts there twice for a moment": len(prover.tally.twice),
        "not ended": sum(not each.is_over for each in publications),
        "verify": verify.returncode,
        "verify said": "" if verify.returncode == 0 else (verify.stdout + verify.stderr)[-2_000:],
    }


def _verify(directory: Path) -> subprocess.CompletedProcess[str]:
    data = str(directory / "data")
    command = [sys.executable, "-m", "api.cli", "verify", "--data", data, "--json"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


MUST_BE_NOTHING = (
    "texts lost", "dry runs", "texts there twice in the end", "texts there twice for a moment",
    "not ended", "verify",
)  # fmt: skip


@contextmanager
def platforms(directory: Path) -> Iterator[World]:
    """All three, for the time of the proof."""
    certificates = Certificates.make(directory)
    linkedin, x, mail = LinkedIn(), X(), MailServer()
    with ExitStack() as stack:
        linkedin_url = stack.enter_context(serving(linkedin.app()))
        x_url = stack.enter_context(serving(x.app()))
        port = stack.enter_context(mail_serving(mail, "starttls", certificates))
        world = World(linkedin, x, mail, linkedin_url, x_url, port, certificates.ca_file)
        yield world
        world.release()


def prove(directory: Path, publications: int, seed: int) -> tuple[dict[str, Any], Tally]:
    """The whole run; the answer is what was counted."""
    chance = random.Random(seed)
    asked = wanted(publications, chance)
    with platforms(directory) as world:
        prover = Prover(world, directory, chance)
        prover.run(asked)
        return count(prover, asked, directory), prover.tally


def _copies(text: str, visible: list[str]) -> int:
    return sum(text[:TOKEN_LENGTH] in found for found in visible)


def _is_alive(client: httpx.Client) -> bool:
    try:
        return client.get("/livez", timeout=1.0).status_code == 200
    except httpx.HTTPError:
        return False


def _until(condition: Any, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def main() -> None:
    """Run it and print the counts; the exit code is 1 if anything is not nothing."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--publications", type=int, default=300)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    chosen = parser.parse_args()
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="publish-") as folder:
        counted, tally = prove(Path(folder), chosen.publications, chosen.seed)
    for name, value in counted.items():
        print(f"{name:<32} {value}")
    print(f"{tally.lives} lives: {json.dumps(tally.ends)}; {tally.faults} faults planned")
    answers = f"{tally.answers['done']} 'done', {tally.answers['not done']} 'not done'"
    print(f"answered by looking: {answers}; {tally.deleted} posts of half threads taken away")
    print(f"seed {chosen.seed}, {time.monotonic() - started:.0f} s")
    if any(counted[name] for name in MUST_BE_NOTHING):
        sys.exit("something was lost or published twice")


if __name__ == "__main__":
    main()
