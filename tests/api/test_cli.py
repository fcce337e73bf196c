"""The command line as people use it in one terminal: every verb, wrong words, wrong files."""

import json
from pathlib import Path

import pytest

from api.cli import VERBS
from tests.api.makers import Makers
from tests.api.terminal import Terminal

EXAMPLES = Path(__file__).parents[2] / "examples"
SILENT = {"agents", "completion", "dead-letters", "mcp", "serve", "token", "topics", "up", "work"}
NO_SERVER = "http://127.0.0.1:9"


def test_help_names_every_verb(orchestrator: Terminal) -> None:
    found = orchestrator("--help")

    assert found.code == 0
    for verb in VERBS:
        assert f"  {verb} " in found.out


@pytest.mark.parametrize("verb", VERBS)
def test_the_help_of_a_verb_ends_with_a_line_to_copy(verb: str, orchestrator: Terminal) -> None:
    found = orchestrator(verb, "--help")

    assert found.code == 0
    examples = found.out.partition("Examples:\n")[2]
    assert f"orchestrator {verb}" in examples


@pytest.mark.parametrize("verb", sorted(set(VERBS) - SILENT))
def test_every_verb_that_shows_something_can_print_json(verb: str, orchestrator: Terminal) -> None:
    assert "--json" in orchestrator(verb, "--help").out or verb in {"openapi", "asyncapi"}


def test_a_request_runs_to_its_end_and_leaves_a_history(orchestrator: Terminal) -> None:
    ran = orchestrator("run", "hello", "--echo", "--json")
    task = ran.json["task"]
    history = orchestrator("events", task, "--json")
    then = orchestrator("events", task, "--at", "12", "--json")
    told = orchestrator("events", task, "--at", "12")
    verified = orchestrator("verify")

    assert ran.code == 0
    assert ran.json["outcome"] == "approved"
    assert len(ran.json["phases"]) == 9
    assert len(history.json["events"]) == ran.json["events"]
    assert then.json["state"]["phase"] == "DELEGATION"
    assert "phase DELEGATION" in told.out
    assert "Read 1 history" in verified.out
    assert verified.code == 0


def test_progress_is_shown_line_by_line(orchestrator: Terminal) -> None:
    ran = orchestrator("run", "hello", "--echo")

    lines = ran.out.splitlines()
    phases = [line.split()[1] for line in lines if line.startswith(("● ", "○ "))]
    assert phases[:9] == [
        "PLANNING", "TOOL_DISCOVERY", "DELEGATION", "EXECUTION", "QUALITY_CHECK", "REFINEMENT",
        "FORMATTING", "APPROVAL", "LEARNING",
    ]  # fmt: skip
    assert "offline: no model was used" in ran.out
    assert "orchestrator events" in ran.out


def test_the_plan_is_explained(orchestrator: Terminal, makers: Makers) -> None:
    ran = orchestrator("run", "-", "--explain", stdin=b"hello")

    assert "Why this plan" in ran.out
    assert "it is the only one" in ran.out


def test_what_cannot_be_written_or_read_is_exit_code_4(orchestrator: Terminal) -> None:
    found = orchestrator("list", "--server", NO_SERVER)

    assert found.code == 4
    assert "does not answer" in found.err


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("run", "x", "--metrics", "missing.json"), 2, "missing.json"),
        (("run", "x", "--metrics", "broken.json"), 2, "is not JSON"),
        (("run", "x", "--metrics", "."), 2, "cannot be read"),
        (("run", "x", "--metrics", "bytes.json"), 2, "UTF-8"),
        (("run", "x", "--preferences", "list.json"), 2, "JSON object"),
        (("run", "x", "--echo", "--tone", "evil"), 2, "/preferences/tone"),
        (("run", "x", "--echo", "--channel", "myspace"), 2, "/preferences/channels/0"),
        (("run", "", "--echo"), 2, "/request"),
        (("run",), 2, "Missing argument"),
        (("rnu", "x"), 2, "Did you mean 'run'?"),
        (("status", "x"), 3, "no data directory"),
        (("dead-letters", "show", "1"), 3, "no data directory"),
        (("status", "x", "--server", NO_SERVER), 4, "does not answer"),
        (("status", "x", "--server", "nonsense"), 4, "does not answer"),
        (("produce", "missing.jsonl"), 2, "missing.jsonl"),
        (("produce", "empty.jsonl"), 2, "no request"),
        (("token", "create", "ann"), 2, "ORCHESTRATOR_SECRET"),
        (("up", "--host", "::", "--port", "0"), 2, "ORCHESTRATOR_SECRET"),
        (("up", "--port", "99999"), 2, "port"),
        (("approve", "x", "--edit", "missing.txt"), 2, "missing.txt"),
        (("approve", "x", "--edit", "empty.jsonl"), 2, "is empty"),
        (("approve", "x", "--channel", "a", "--channel", "b", "--edit", "text.txt"), 2, "name one"),
        (("completion", "tcsh"), 2, "tcsh"),
    ],
)
def test_what_is_typed_wrong_is_one_clear_sentence(
    args: tuple[str, ...], code: int, said: str, orchestrator: Terminal
) -> None:
    files = {"broken.json": b"{", "bytes.json": b"\xff", "list.json": b"[]", "text.txt": b"Hi."}
    for name, content in {**files, "empty.jsonl": b"\n"}.items():
        (orchestrator.directory / name).write_bytes(content)

    found = orchestrator(*args)

    assert found.code == code, found.err
    assert said in found.err
    assert "Traceback" not in found.err


@pytest.mark.parametrize(
    ("name", "value"), [("LOG_LEVEL", "loud"), ("PORT", "many"), ("SECRET", "short")]
)
def test_a_wrong_variable_is_named(name: str, value: str, orchestrator: Terminal) -> None:
    found = orchestrator("up", env={f"ORCHESTRATOR_{name}": value})

    assert found.code == 2
    assert f"'{name.lower()}' (variable)" in found.err


def test_a_status_that_there_is_not_is_named_with_those_that_there_are(
    orchestrator: Terminal,
) -> None:
    orchestrator("run", "hello", "--echo")

    wrong = orchestrator("list", "--status", "pending")
    none = orchestrator("list", "--status", "failed")
    some = orchestrator("list", "--status", "approved", "--json")

    assert wrong.code == 2
    assert "'pending_approval'" in wrong.err
    assert (none.code, none.out) == (0, "There is no such task.\n")
    assert len(some.json["items"]) == 1


def test_an_unknown_task_is_exit_code_3(orchestrator: Terminal, makers: Makers) -> None:
    orchestrator("run", "hello", "--echo")

    for verb in ("status", "events", "verify", "cancel", "watch", "approve", "retry"):
        assert orchestrator(verb, "nobody").code == 3, verb
    assert orchestrator("replay", "--projection", "nothing").code == 3


def test_many_requests_come_from_a_file_and_bad_lines_are_kept(orchestrator: Terminal) -> None:
    lines = [b'{"request": "one"}', b'{"request": 2}', b"", b'{"request": "three"}', b"broken"]
    (orchestrator.directory / "many.jsonl").write_bytes(b"\n".join(lines))

    found = orchestrator("produce", "many.jsonl")
    piped = orchestrator("produce", "-", "--json", stdin=b'{\n "request": "over\\nlines"\n}\n')
    letters = orchestrator("dead-letters", "list", "--json").json["items"]
    shown = orchestrator("dead-letters", "show", "1")
    requeued = orchestrator("dead-letters", "requeue", "0")

    assert found.code == 1
    assert "2 requests accepted, 2 refused" in found.out
    assert "line 2: /request" in found.err
    assert "line 5: the body is not JSON" in found.err
    assert piped.json["accepted"] == 1
    assert [letter["pointer"] for letter in letters] == ["/request", ""]
    assert "broken" in shown.out
    assert requeued.code == 1
    assert len(orchestrator("list", "--json").json["items"]) == 3


def test_events_are_exported_in_both_formats(orchestrator: Terminal) -> None:
    import pyarrow.parquet as pq

    count = orchestrator("run", "hello", "--echo", "--json").json["events"]
    lines = orchestrator("export", "--events", "--format", "jsonl", "--out", "e.jsonl", "--json")
    table = orchestrator("export", "--events", "--out", "e.parquet")

    written = (orchestrator.directory / "e.jsonl").read_text().splitlines()
    assert lines.json["events"] == count == len(written)
    assert all(json.loads(line)["body"] for line in written)
    assert f"{count} events written" in table.out
    assert pq.read_table(orchestrator.directory / "e.parquet").num_rows == count


def test_read_models_are_rebuilt_from_the_beginning(orchestrator: Terminal) -> None:
    count = orchestrator("run", "hello", "--echo", "--json").json["events"]

    replayed = orchestrator("replay", "--json")

    assert (replayed.json["events"], replayed.json["rows"]) == (count, 1)


def test_config_shows_what_is_in_force_and_masks_secrets(orchestrator: Terminal) -> None:
    secret = "x" * 40
    env = {"ORCHESTRATOR_PORT": "1234", "ORCHESTRATOR_SECRET": secret}

    found = orchestrator("config", env=env)

    assert "1234" in found.out
    assert secret not in found.out


def test_tools_and_description_need_no_data_directory(orchestrator: Terminal) -> None:
    tools = orchestrator("tools", "--json")
    openapi = orchestrator("openapi")

    assert len(tools.json["tools"]) >= 7
    assert openapi.json["openapi"].startswith("3.1")
    assert list(orchestrator.directory.iterdir()) == []


def test_what_is_listed_is_lines_for_people(orchestrator: Terminal) -> None:
    task = orchestrator("run", "hello", "--echo", "--json").json["task"]
    none = orchestrator("dead-letters", "list")
    orchestrator("produce", "-", stdin=b"broken")

    tools = orchestrator("tools").out
    events = orchestrator("events", task).out.splitlines()
    letters = orchestrator("dead-letters", "list").out
    replayed = orchestrator("replay").out

    assert "content_generator" in tools
    assert "after approval" in tools
    assert "task_closed.v1" in events[-1]
    assert none.out == "There are no dead letters.\n"
    assert "requests/0@0" in letters
    assert f"{len(events)} events folded into 1 row" in replayed


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_a_script_of_the_shell(shell: str, orchestrator: Terminal) -> None:
    script = orchestrator("completion", shell)

    assert script.code == 0
    assert f"_ORCHESTRATOR_COMPLETE={shell}_complete" in script.out


def test_the_shell_completes_verbs(orchestrator: Terminal) -> None:
    env = {"_ORCHESTRATOR_COMPLETE": "bash_complete", "COMP_WORDS": "orchestrator re"}

    found = orchestrator("", env=env | {"COMP_CWORD": "1"})

    assert {"plain,reject", "plain,revise", "plain,retry", "plain,replay"} == set(found.out.split())


def test_a_token_lets_in(orchestrator: Terminal) -> None:
    from api.security import read_token

    secret = "x" * 40
    found = orchestrator("token", "create", "ann", env={"ORCHESTRATOR_SECRET": secret})

    assert read_token(secret, found.out.strip()).name == "ann"


def test_doctor_names_a_variable_that_is_no_setting(orchestrator: Terminal) -> None:
    found = orchestrator("doctor", env={"ORCHESTRATOR_PROT": "8000"})

    assert found.code == 1
    assert "ORCHESTRATOR_PROT is no setting: did you mean ORCHESTRATOR_PORT?" in found.out


def test_the_examples_are_requests_that_are_taken(orchestrator: Terminal, makers: Makers) -> None:
    files = {path.name: str(path) for path in EXAMPLES.iterdir()}

    produced = orchestrator("produce", files["requests.jsonl"], "--json")
    ran = orchestrator(
        "run", "hello", "--metrics", files["q4-metrics.json"],
        "--preferences", files["linkedin.json"], "--json",
    )  # fmt: skip
    approved = orchestrator("approve", ran.json["task"], "--edit", files["edits.json"], "--json")

    assert (produced.json["accepted"], produced.json["refused"]) == (4, 0)
    assert approved.json["status"] == "approved"


def test_doctor_finds_a_damaged_log(orchestrator: Terminal) -> None:
    orchestrator("run", "hello", "--echo")
    well = orchestrator("doctor")
    log = orchestrator.directory / ".orchestrator" / "log.db"
    with log.open("r+b") as file:
        file.seek(8192 * 3)
        file.write(b"\xff" * 8192)

    ill = orchestrator("doctor", "--json")

    assert well.code == 0, well.out
    assert ill.code == 1
    assert any(not check["is_ok"] for check in ill.json)


def test_without_a_verb_the_agents_are_listed(orchestrator: Terminal) -> None:
    listed = orchestrator("agents")

    assert listed.code == 0
    assert listed.out == orchestrator("agents", "list").out
    assert "market_insight" in listed.out


def test_a_status_says_why_a_human_is_asked(orchestrator: Terminal, makers: Makers) -> None:
    orchestrator("run", "Create a post")
    task_id = orchestrator("list", "--json").json["items"][0]["task_id"]

    shown = orchestrator("status", task_id)

    assert "because: ready for your decision" in shown.out
