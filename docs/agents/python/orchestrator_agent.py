"""An agent for the Intelligent Orchestrator in one file: Python 3.11 or newer, nothing to install.
Copy it beside your program, decorate functions, call `run()`; see example.py."""

import json
import os
import signal
import threading
import time
import urllib.error
import urllib.request


class Failed(Exception):
    """Raise it where work fails, with is_retryable, is_uncertain, retry_after or progress."""

    def __init__(self, reason: str, **said):
        super().__init__(reason)
        self.said = said


class Refused(Exception):
    """The server said no: `status`, and why."""

    def __init__(self, status: int, why: str):
        super().__init__(f"{status} {why}")
        self.status, self.is_final = status, status < 500 and status != 429


class Job:
    """A command while it is worked on. `key` and `act_before` (of time.monotonic) come with the
    door. In long work look at `lost`: when it is set, the work is somebody else's, so stop."""

    def __init__(self, command: dict, lease_end: float):
        self.command, self.lease_end = command, lease_end
        self.inputs = command["payload"].get("inputs", command["payload"])
        self.progress = command["progress"]  # what earlier attempts have done already
        self.key, self.act_before, self.cost, self.usage = "", 0.0, 0.0, {}
        self.lost, self.ended = threading.Event(), threading.Event()


class Agent:
    def __init__(self, name, *agent_types, url="", token="", concurrency=1, lease=60.0):
        self.name, self.types = name, agent_types or (name,)
        self.concurrency, self.lease = concurrency, lease
        url = url or os.environ.get("ORCHESTRATOR_SERVER", "http://127.0.0.1:8000")
        self.url = url.rstrip("/")
        self.token = token or os.environ.get("ORCHESTRATOR_TOKEN", "")
        self.tools, self.handlers, self.busy = [], {}, 0
        self.stopping, self.rested = threading.Event(), threading.Condition()

    def tool(self, tool_id: str, **about):
        """Offer a tool: description, input_schema, produces, is_repeatable, …"""
        self.tools.append({"tool_id": tool_id, **about})
        return self.action(tool_id)

    def action(self, name: str):
        """Work on commands with this tool_id or action; "*" takes all others."""
        return lambda handler: self.handlers.setdefault(name, handler)

    def run(self) -> None:
        """Until Ctrl-C or SIGTERM; what is under way then is finished first."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self.stopping.set())
        said = {"agent_types": self.types, "tools": self.tools, "concurrency": self.concurrency}
        for _ in range(self.concurrency):
            threading.Thread(target=self._loop, daemon=True).start()
        while not self.stopping.is_set():
            is_there = self._try("PUT", f"/api/agents/{self.name}", said)  # also its sign of life
            self.stopping.wait(30 if is_there else 2)
        with self.rested:
            self.rested.wait_for(lambda: not self.busy)
        self._try("DELETE", f"/api/agents/{self.name}")

    def call(self, method: str, path: str, body=None, wait: float = 0) -> dict:
        """One call of the API; raises Refused, or OSError where nobody answers."""
        headers = {"Content-Type": "application/json", "Prefer": f"wait={wait:g}"}
        headers |= {"Authorization": f"Bearer {self.token}"} if self.token else {}
        data = None if body is None else json.dumps(body).encode()
        url = self.url + path
        request = urllib.request.Request(url, data, headers, method=method)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=wait + 30) as answer:  # noqa: S310
                return json.loads(answer.read() or "{}")
        except urllib.error.HTTPError as error:
            raise Refused(error.code, error.read().decode(errors="replace")[:500]) from None

    def _try(self, method: str, path: str, body=None, wait: float = 0) -> dict | None:
        """The answer, or None where nobody answers now; an answer that stays no ends the agent."""
        try:
            return self.call(method, path, body, wait) or {"is_done": True}
        except (OSError, Refused) as error:
            print(f"{self.name}: {method} {path}: {error}", flush=True)
            if getattr(error, "is_final", False):
                self.stopping.set()
            return None

    def _loop(self) -> None:
        wanted = {"agent": self.name, "agent_types": self.types, "lease_seconds": self.lease}
        while not self.stopping.is_set():
            answer = self._try("POST", "/api/commands/claim", wanted, wait=20)
            for command in (answer or {}).get("items", ()):
                with self.rested:
                    self.busy += 1
                try:
                    self._work(Job(command, time.monotonic() + self.lease))
                finally:
                    with self.rested:
                        self.busy -= 1
                        self.rested.notify_all()
            if answer is None:
                self.stopping.wait(2)

    def _work(self, job: Job) -> None:
        threading.Thread(target=self._keep_lease, args=(job,), daemon=True).start()
        started, command = time.monotonic(), job.command
        names = (command["tool_id"], command["action"], command["kind"], "*")
        handler = next((self.handlers[name] for name in names if name in self.handlers), None)
        try:
            if handler is None:
                raise Failed(f"{self.name} cannot do {names[0] or names[1]!r}", is_retryable=False)
            if not command["is_repeatable"]:  # ask at the door; without a yes nothing is done
                asked = time.monotonic()
                grant = self._tell(job, "POST", "grant")
                job.key, job.act_before = grant["key"], asked + grant["seconds"]
            what, said = "result", {"output": handler(job.inputs, job) or {}}
        except Failed as error:
            what, said = "error", {"error": str(error), **error.said}
        except Exception as error:  # after the door nobody can know what has happened already
            reason = f"{type(error).__name__}: {error}"[:2000]
            what, said = "error", {"error": reason, "is_uncertain": bool(job.key)}
        job.ended.set()
        spent = {"cost": job.cost, "usage": job.usage, "duration": time.monotonic() - started}
        for pause in (1, 2, 4, 8, 16, 30, 30, 30, 0):
            try:
                if not job.lost.is_set():
                    self._tell(job, "PATCH", what, **said, **spent)
                return
            except (OSError, Refused) as error:
                print(f"{self.name}: {command['command_id']}: {error}", flush=True)
                if getattr(error, "is_final", False):
                    return
            time.sleep(pause)

    def _keep_lease(self, job: Job) -> None:
        while not job.ended.wait(self.lease / 3) and not job.lost.is_set():
            asked = time.monotonic()
            try:
                self._tell(job, "POST", "heartbeat", lease_seconds=self.lease)
                job.lease_end = asked + self.lease
            except (OSError, Refused) as error:
                is_over = not job.key and time.monotonic() > job.lease_end
                if is_over or getattr(error, "status", 0) in (404, 409):
                    job.lost.set()

    def _tell(self, job: Job, method: str, what: str, **said) -> dict:
        said |= {"agent": self.name, "attempt": job.command["attempt"]}
        return self.call(method, f"/api/commands/{job.command['command_id']}/{what}", said)
