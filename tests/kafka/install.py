"""Fetches Apache Kafka once, by Maven, into a cache outside the repository."""

import os
import shutil
import subprocess
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path

VERSION = "4.4.0"
JAVA = 17  # what this version of Kafka needs
_PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:2.8:copy-dependencies"
_POM = Path(__file__).with_name("pom.xml")


class Missing(Exception):
    """What is needed to run a broker here and is not there."""


def folder() -> Path:
    """Where the libraries are kept for all checkouts on this machine."""
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return caches / "intelligent-orchestrator" / f"kafka-{VERSION}"


@cache
def libraries() -> Path:
    """The folder with Kafka's libraries, fetched if it is not there.

    Raises:
        Missing: Java, or Maven for the first time, is not there; the message says how to get it.
    """
    _need_java()
    target = folder()
    if not target.is_dir():
        _fetch(target)
    return target


def _need_java() -> None:
    if not shutil.which("java"):
        raise Missing(
            f"Kafka needs Java {JAVA}: install it (Debian, Ubuntu: apt install default-jre-headless"
            " maven) or name a broker with ORCHESTRATOR_TEST_KAFKA=host:port"
        )


def _fetch(target: Path) -> None:
    """Resolve into a folder beside the target, so that nobody ever sees half of it."""
    if not shutil.which("mvn"):
        raise Missing(
            f"Apache Kafka {VERSION} is fetched by Maven: install it (Debian, Ubuntu: apt install "
            "maven) or name a broker with ORCHESTRATOR_TEST_KAFKA=host:port"
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(prefix=".fetching-", dir=target.parent))
    command = ["mvn", "-q", "-B", "-f", str(_POM), f"-Dkafka.version={VERSION}", _PLUGIN]
    options = ["-DincludeScope=runtime", f"-DoutputDirectory={partial}"]
    try:
        done = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            said = (done.stdout + done.stderr).strip().splitlines()
            raise Missing(f"Maven could not fetch Apache Kafka {VERSION}: {said[-1:]}")
        # Another process may have been quicker; its folder is as good.
        with suppress(OSError):
            partial.rename(target)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
