"""One Kafka node in a process of its own: its settings, its storage, its life and its death."""

import os
import signal
import subprocess
import sys
from pathlib import Path

_GUARD = Path(__file__).with_name("guard.py")
_HEAP = ("-Xms128m", "-Xmx512m", "-XX:+UseSerialGC")
_QUIET_START = ("-Xmx128m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
_LOGGING = """\
status = warn
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{HH:mm:ss.SSS} %p %c{1} %m%n
rootLogger.level = warn
rootLogger.appenderRef.console.ref = console
"""


class Node:
    """A broker and controller in one, with its data in a folder."""

    def __init__(self, number: int, directory: Path, libraries: Path, port: int) -> None:
        self.number = number
        self.port = port
        self.directory = directory
        self.said = directory / "broker.log"
        self._settings = directory / "server.properties"
        self._libraries = libraries
        self._guard: subprocess.Popen[bytes] | None = None
        self.pid = 0

    @property
    def address(self) -> str:
        """Where clients reach it."""
        return f"127.0.0.1:{self.port}"

    @property
    def is_running(self) -> bool:
        """Whether its process is there."""
        return self._guard is not None and self._guard.poll() is None

    def prepare(self, cluster_id: str, controller_port: int, voters: str, copies: int) -> None:
        """Write the settings and lay out the storage, once."""
        self.directory.mkdir(parents=True)
        settings = self._configuration(controller_port, voters, copies)
        lines = [f"{name}={value}" for name, value in settings.items()]
        self._settings.write_text("\n".join(lines) + "\n", "utf-8")
        (self.directory / "log4j2.properties").write_text(_LOGGING, "utf-8")
        format_ = ("kafka.tools.StorageTool", "format", "-t", cluster_id, "-c")
        command = self._java(_QUIET_START, *format_, str(self._settings))
        subprocess.run(command, check=True, capture_output=True)

    def _configuration(self, controller_port: int, voters: str, copies: int) -> dict[str, object]:
        return {
            "process.roles": "broker,controller",
            "node.id": self.number,
            "controller.quorum.voters": voters,
            "controller.listener.names": "CONTROLLER",
            "listeners": f"PLAINTEXT://{self.address},CONTROLLER://127.0.0.1:{controller_port}",
            "advertised.listeners": f"PLAINTEXT://{self.address}",
            "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
            "log.dirs": self.directory / "data",
            "auto.create.topics.enable": "false",
            "group.initial.rebalance.delay.ms": 0,
            "group.min.session.timeout.ms": 1000,
            # A broker that was killed is let in again only when its former self counts as gone.
            "broker.session.timeout.ms": 2000,
            "broker.heartbeat.interval.ms": 500,
            "offsets.topic.replication.factor": copies,
            "offsets.topic.num.partitions": 8,
            "transaction.state.log.replication.factor": copies,
            "transaction.state.log.min.isr": max(1, copies - 1),
            "transaction.state.log.num.partitions": 8,
            "min.insync.replicas": max(1, copies - 1),
            "default.replication.factor": copies,
            # What a test throws away needs no large files.
            "log.index.size.max.bytes": 1 << 20,
            "log.cleaner.dedupe.buffer.size": 8 << 20,
            "num.network.threads": 2,
            "num.io.threads": 4,
        }

    def start(self) -> None:
        """Start its process; it answers a few seconds later."""
        command = [sys.executable, str(_GUARD), *self._java(_HEAP, "kafka.Kafka", self._settings)]
        with self.said.open("ab") as said:
            self._guard = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said
            )
        assert self._guard.stdout is not None
        self.pid = int(self._guard.stdout.readline())

    def stop(self) -> None:
        """Shut it down in order: leaders move first."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it as a power cut would."""
        self._end(signal.SIGKILL)

    def last_words(self) -> str:
        """The end of what it has said."""
        return self.said.read_text("utf-8", "replace")[-2000:] if self.said.exists() else ""

    def _end(self, how: signal.Signals) -> None:
        guard, self._guard = self._guard, None
        if guard is None:
            return
        if guard.poll() is None:
            os.kill(self.pid, how)
        try:
            guard.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.kill(self.pid, signal.SIGKILL)
            guard.wait()
        for pipe in (guard.stdin, guard.stdout):
            if pipe is not None:
                pipe.close()

    def _java(self, options: tuple[str, ...], *arguments: str | Path) -> list[str]:
        logging = f"-Dlog4j2.configurationFile={self.directory / 'log4j2.properties'}"
        path = str(self._libraries / "*")
        return ["java", *options, logging, "-cp", path, *(str(each) for each in arguments)]
