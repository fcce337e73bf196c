"""The pinned requirements are complete, hashed and independent of any package index."""

import re
import tomllib
from functools import cache
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

REPOSITORY = Path(__file__).parents[2]
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
RUNTIME, DEVELOPMENT = "requirements.txt", "requirements-dev.txt"
PINS = (RUNTIME, DEVELOPMENT)

INDEX_OPTION = re.compile(r"^\s*(?:-i\b|-f\b|--(?:extra-)?index-url|--find-links)", re.MULTILINE)


@cache
def pinned(file_name: str) -> dict[str, list[Requirement]]:
    """Every requirement of the file by name; a name may be pinned once for each platform."""
    requirements: dict[str, list[Requirement]] = {}
    for line in logical_lines(file_name):
        requirement = Requirement(line.split(" --hash", 1)[0])
        requirements.setdefault(canonicalize_name(requirement.name), []).append(requirement)
    return requirements


def logical_lines(file_name: str) -> list[str]:
    text = (REPOSITORY / file_name).read_text("utf-8").replace("\\\n", " ")
    lines = (re.sub(r"\s+", " ", line).strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def declared(*extras: str) -> list[Requirement]:
    optional = PROJECT["optional-dependencies"]
    texts = [*PROJECT["dependencies"], *(text for extra in extras for text in optional[extra])]
    requirements = [Requirement(text) for text in texts]
    return [each for each in requirements if each.name != PROJECT["name"]]


@pytest.mark.parametrize("file_name", PINS)
def test_every_pin_is_exact_and_has_hashes(file_name: str) -> None:
    pins = logical_lines(file_name)

    assert pins
    assert [
        pin for pin in pins if not re.match(r"[\w.-]+(\[[\w,-]+\])?==\S+ .*--hash=sha256:", pin)
    ] == []


@pytest.mark.parametrize("file_name", PINS)
def test_no_pin_file_names_an_address(file_name: str) -> None:
    text = (REPOSITORY / file_name).read_text("utf-8")

    assert "://" not in text
    assert not INDEX_OPTION.search(text)


@pytest.mark.parametrize(
    ("file_name", "extras"),
    [(RUNTIME, ("build",)), (DEVELOPMENT, ("build", "dev"))],
)
def test_every_declared_dependency_is_pinned_within_its_bounds(
    file_name: str, extras: tuple[str, ...]
) -> None:
    pins = pinned(file_name)

    for dependency in declared(*extras):
        candidates = pins.get(canonicalize_name(dependency.name), [])
        assert candidates, f"{dependency.name!r} is not in {file_name}: run `make pins`"
        for pin in candidates:
            (version,) = pin.specifier
            assert dependency.specifier.contains(version.version), f"{pin} breaks {dependency}"


def test_every_declared_dependency_has_a_lower_and_an_upper_bound() -> None:
    for dependency in declared("build", "dev"):
        operators = {bound.operator for bound in dependency.specifier}
        assert ">=" in operators, f"{dependency} has no lower bound"
        assert operators & {"<", "<="}, f"{dependency} has no upper bound"


def test_tests_run_with_the_versions_that_users_get() -> None:
    development = pinned(DEVELOPMENT)

    for name, pins in pinned(RUNTIME).items():
        assert [str(pin) for pin in development.get(name, [])] == [str(pin) for pin in pins]


def test_the_compromised_releases_of_litellm_are_out_of_reach() -> None:
    (litellm,) = (each for each in declared() if each.name == "litellm")

    assert not litellm.extras
    assert not litellm.specifier.contains("1.82.7")
    assert not litellm.specifier.contains("1.82.8")
