"""What all tests share."""

import sys
from contextlib import nullcontext

import pytest


@pytest.fixture(autouse=True)
def uncollected(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that lives for one test is not worth looking through all objects before it."""
    for name in ("api.bootstrap", "api.cluster.parts"):
        if name in sys.modules:
            monkeypatch.setattr(sys.modules[name], "calm_collector", nullcontext)
