"""The example on the page about MCP can be typed, from the first question to measured figures."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.api.terminal import Terminal

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "mcp.md").read_text("utf-8")
_, _, AFTER = PAGE.partition("### From the first question to measured figures")
BLOCKS = re.findall(r"^```bash\n(.*?)^```", AFTER.split("\n### ")[0], re.MULTILINE | re.DOTALL)


def typed(block: str, terminal: Terminal) -> str:
    """What is printed where the lines of a block are typed."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    lines = block.splitlines()
    ours = [line for line in lines if line.startswith("orchestrator ")]
    others = "\n".join(line for line in lines if line not in ours)
    subprocess.run(["bash", "-eu", "-c", others], cwd=terminal.directory, check=True)
    out = ""
    for line in ours:
        answer = terminal(*shlex.split(line)[1:], env={"PATH": path})
        assert answer.code == 0, answer.err
        out += answer.out
    return out


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")
def test_the_example_leads_from_a_question_to_measured_figures(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples" / "mcp", tmp_path / "examples" / "mcp")
    first, asking, allowing, denying = BLOCKS

    terminal = Terminal(tmp_path)
    listed = typed(first, terminal)
    run, *rest = asking.splitlines(keepends=True)
    asked = typed(run, terminal)
    task = re.search(r"orchestrator answer (\S+)", asked)
    assert task is not None, asked
    answered = typed("".join(rest).replace("ID", task[1]), terminal)
    allowed = typed(allowing, terminal)
    denied = typed(denying, terminal)

    assert re.search(r"market\.companies\s.*\sask\s.*declared", listed)
    assert "May this task use the tool 'market.companies'" in asked
    assert "Alder Systems 410" in answered
    assert "May this task use" not in allowed
    assert "Alder Systems 410" in allowed
    assert re.search(r"market\.companies\s.*\sallow\s.*2 runs", allowed)
    assert "Which market data" in denied
