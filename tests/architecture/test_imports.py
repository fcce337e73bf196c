"""The import contracts of pyproject.toml hold."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
SETTINGS = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]


@pytest.mark.parametrize("contract", [contract["id"] for contract in SETTINGS["contracts"]])
def test_the_import_contract_is_kept(contract: str) -> None:
    lint = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports("
    options = f"limit_to_contracts=({contract!r},), no_cache=True, no_logo=True))"

    linter = subprocess.run(
        [sys.executable, "-c", lint + options],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )

    assert linter.returncode == 0, linter.stdout + linter.stderr
