"""The pages under `docs/` as one set: their links lead somewhere, and their commands are ones that
there are."""

import re
import shlex
from pathlib import Path

import click
import pytest

from api.cli import cli

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    path
    for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/**/*.md")]
    if "gallery" not in path.name and "node_modules" not in path.parts
)
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^```(?:bash|sh)?\n(.*?)^```", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`(orchestrator [a-z][^`]*)`")


def commands(page: Path) -> list[str]:
    """The lines with our command on a page, in blocks and in sentences."""
    text = page.read_text("utf-8")
    joined = (block.replace("\\\n", " ") for block in _FENCE.findall(text))
    lines = [line.strip() for block in joined for line in block.splitlines()]
    typed = [line for line in lines if line.startswith("orchestrator ")]
    named = [" ".join(found.split()) for found in _INLINE.findall(text)]
    return [*typed, *named]


def anchors(page: Path) -> set[str]:
    """The anchors of the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    for link in _LINK.findall(page.read_text("utf-8")):
        if "://" in link or link.startswith("mailto:"):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize(
    ("page", "line"),
    [(page, line) for page in PAGES for line in commands(page)],
    ids=lambda part: part.name if isinstance(part, Path) else None,
)
def test_every_command_of_a_page_is_one_that_there_is(page: Path, line: str) -> None:
    words = shlex.split(line.split(" | ")[0].split(" > ")[0].split(" && ")[0], comments=True)[1:]
    command: click.Command = cli
    context = click.Context(command)
    while isinstance(command, click.Group) and words:
        name, found, words = command.resolve_command(context, words)
        assert found is not None, name
        command = found
    options = {name for each in command.params for name in (*each.opts, *each.secondary_opts)}
    asked = [word.split("=")[0] for word in words if word.startswith("--")]

    assert set(asked) <= options | {"--help"}
