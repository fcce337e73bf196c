"""A terminal in an empty directory, and quick agents."""

from pathlib import Path

import pytest

from tests.api.makers import Makers
from tests.api.terminal import Terminal


@pytest.fixture
def orchestrator(tmp_path: Path) -> Terminal:
    """A terminal in an empty directory."""
    return Terminal(tmp_path)


@pytest.fixture
def makers(monkeypatch: pytest.MonkeyPatch) -> Makers:
    """Quick agents with a deliverable that a human must approve, in place of the built-in ones."""
    made = Makers()
    monkeypatch.setattr("api.bootstrap.all_agents", lambda data: made.agents())
    return made
