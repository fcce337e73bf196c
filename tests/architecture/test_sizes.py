"""Modules stay small enough to read at once, and no file names somebody's machine."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
PACKAGES = ("streams", "agents", "projections", "api")
MOST_LINES = 400

# Somebody's home folder, or this very checkout, written down as an absolute path.
HOME_FOLDER = r"(?<![\w.:/{}-])(?:/home/\w|/Users/\w|/root/\w|/root/\.\w)|\b[A-Z]:\\Users\\"
MACHINE_PATH = re.compile(f"{HOME_FOLDER}|{re.escape(str(REPOSITORY))}(?![\\w.-])")


def modules() -> list[Path]:
    return sorted(path for package in PACKAGES for path in (REPOSITORY / package).rglob("*.py"))


def committed_texts() -> Iterator[tuple[str, str]]:
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(listing, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    if names.returncode != 0:
        pytest.skip("not a git checkout: there is no list of the committed files")
    for name in filter(None, names.stdout.split("\0")):
        path = REPOSITORY / name
        if path.is_file():
            yield name, path.read_text("utf-8", errors="ignore")


def test_no_module_is_longer_than_four_hundred_lines() -> None:
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in modules()}

    too_long = {
        str(path.relative_to(REPOSITORY)): n for path, n in lengths.items() if n > MOST_LINES
    }

    assert not too_long


def test_no_file_names_a_path_of_somebodys_machine() -> None:
    found = [
        f"{name}: {match.group()}"
        for name, text in committed_texts()
        if name != "tests/architecture/test_sizes.py"
        for match in MACHINE_PATH.finditer(text)
    ]

    assert not found


@pytest.mark.parametrize(
    "text", ["see /home/ann/x", '"/Users/bob/x"', "cd /root/x", str(REPOSITORY)]
)
def test_a_machine_path_is_recognised(text: str) -> None:
    assert MACHINE_PATH.search(text)


@pytest.mark.parametrize("text", ["GET /home", "/api/users/7", "https://example.com/home/page"])
def test_an_address_of_the_product_is_no_machine_path(text: str) -> None:
    assert not MACHINE_PATH.search(text)
