"""The three platforms on loopback, started once for the tests of this folder, as new for each."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.platforms.linkedin import LinkedIn
from tests.platforms.mail import Certificates, MailServer, mail_serving
from tests.platforms.serving import serving
from tests.platforms.world import World
from tests.platforms.x import X


@pytest.fixture(scope="session")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """All three, running."""
    folder: Path = tmp_path_factory.mktemp("platforms")
    certificates = Certificates.make(folder)
    linkedin, x, mail = LinkedIn(), X(), MailServer()
    with (
        serving(linkedin.app()) as linkedin_url,
        serving(x.app()) as x_url,
        mail_serving(mail, "starttls", certificates) as port,
    ):
        world = World(linkedin, x, mail, linkedin_url, x_url, port, certificates.ca_file)
        yield world
        world.release()


@pytest.fixture
def world(started: World) -> World:
    """All three, as new."""
    started.reset()
    return started
