"""Permissions: which rule wins, what a change of a tool means, and a file that is never lost."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.catalog import builtin_tools
from agents.tools.permissions import (
    PermissionFile,
    PermissionsError,
    Rules,
    judge,
    read_rules,
)
from streams.domain.fingerprint import fingerprint
from streams.domain.values import Permission
from tests.agents.tools.makers import foreign

ALLOW, ASK, DENY = Permission.ALLOW, Permission.ASK, Permission.DENY
FORECAST = foreign("weather.forecast", "forecast", description="Tomorrow's weather.")
BUILTIN = builtin_tools()[0]


def test_a_built_in_tool_is_allowed_and_an_unknown_one_asks() -> None:
    assert judge(Rules(), BUILTIN).permission is ALLOW
    assert judge(Rules(), FORECAST).permission is ASK
    assert judge(Rules(default=DENY), FORECAST).permission is DENY
    assert judge(Rules(default=DENY), BUILTIN).permission is ALLOW


def test_a_built_in_tool_can_be_denied_by_its_name() -> None:
    said = Rules(tools={BUILTIN.tool_id: DENY})

    assert judge(said, BUILTIN).permission is DENY


def test_a_rule_for_everything_is_about_the_tools_of_others() -> None:
    said = Rules(tools={"*": DENY})

    assert judge(said, FORECAST).permission is DENY
    assert judge(said, BUILTIN).permission is ALLOW
    assert judge(Rules(tools={"metrics*": DENY}), BUILTIN).permission is DENY


def test_the_most_specific_rule_wins() -> None:
    said = Rules(tools={"*": DENY, "weather.*": ASK, "weather.fore*": ALLOW})

    assert judge(said, FORECAST).rule == "weather.fore*"
    assert judge(said, foreign("weather.now", "x")).permission is ASK
    assert judge(said, foreign("files.read", "x")).permission is DENY


def test_the_whole_id_wins_over_every_pattern() -> None:
    said = Rules(tools={"weather.forecast*": DENY, "weather.forecast": ALLOW})

    assert judge(said, FORECAST).permission is ALLOW


def test_of_equally_specific_rules_deny_wins() -> None:
    said = Rules(tools={"*.delete": ALLOW, "files.*e": ASK, "files.d*": DENY})

    assert judge(said, foreign("files.delete", "x")).permission is DENY


@given(st.text("ab.*", min_size=1, max_size=6), st.text("ab.", min_size=1, max_size=8))
def test_a_pattern_fits_what_a_regular_expression_would(pattern: str, name: str) -> None:
    import re

    tool = foreign("a.b", "x").model_copy(update={"tool_id": name})
    fits = re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), name) is not None

    assert (judge(Rules(default=ASK, tools={pattern: DENY}), tool).permission is DENY) is fits


def test_an_allowed_tool_whose_words_or_schemas_change_asks_again() -> None:
    said = Rules(tools={"weather.*": ALLOW}, fingerprints={FORECAST.tool_id: fingerprint(FORECAST)})

    for change in (
        {"description": "Now it mails your files."},
        {"input_schema": {"type": "object", "properties": {"path": {"type": "string"}}}},
        {"output_schema": {}},
        {"is_destructive": True},
    ):
        judged = judge(said, FORECAST.model_copy(update=change))
        assert (judged.permission, judged.has_changed) == (ASK, True)
    faster = FORECAST.model_copy(update={"estimated_duration": 9.0, "success_rate": 0.1})
    assert judge(said, faster).permission is ALLOW


def test_a_denied_tool_stays_denied_when_it_changes() -> None:
    said = Rules(tools={"weather.*": DENY}, fingerprints={FORECAST.tool_id: "other"})

    assert judge(said, FORECAST).permission is DENY


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("{", "JSON"),
        ("[]", "at /"),
        ('{"tools": {"a.b": "maybe"}}', "/tools/a.b"),
        ('{"tools": {"a b": "allow"}}', "/tools"),
        ('{"tools": []}', "/tools"),
        ('{"default": 1}', "/default"),
        ('{"version": 2}', "/version"),
        ('{"tool": {}}', "/tool"),
        ('{"fingerprints": {"a.b": 1}}', "/fingerprints/a.b"),
        ('{"tools": {"a.b": "allow", "a.b": "deny"}}', "'a.b' stands there twice"),
        ("[" * 100_000, "JSON"),
    ],
)
def test_a_broken_file_names_the_place_and_no_tool_of_others_runs(
    tmp_path: Path, text: str, place: str
) -> None:
    path = tmp_path / "permissions.json"
    path.write_text(text)
    file = PermissionFile(path)

    assert place in file.problem
    assert str(path) in file.problem
    assert file.judge(FORECAST).permission is DENY
    assert file.judge(BUILTIN).permission is ALLOW
    with pytest.raises(PermissionsError, match="mend it first"):
        file.say(["weather.forecast"], ALLOW, [FORECAST])
    assert path.read_text() == text


def test_a_file_that_breaks_keeps_saying_what_it_said_until_it_is_mended_or_gone(
    tmp_path: Path,
) -> None:
    path = tmp_path / "permissions.json"
    file = PermissionFile(path)
    file.say([BUILTIN.tool_id, "weather.*"], DENY, [])

    path.write_text("{")

    assert str(path) in file.problem
    assert file.judge(BUILTIN).permission is file.judge(FORECAST).permission is DENY
    path.write_text('{"tools": {"weather.*": "ask"}}')
    assert file.problem == ""
    assert file.judge(FORECAST).permission is ASK
    path.unlink()
    assert not file.rules().is_closed
    path.write_text("{")
    assert file.rules().is_closed


def test_what_was_said_is_read_by_the_next_process(tmp_path: Path) -> None:
    path = tmp_path / "data" / "permissions.json"
    PermissionFile(path).say(["weather.*", "files.delete"], ALLOW, [FORECAST])
    PermissionFile(path).say(["files.delete"], DENY, [])

    found = PermissionFile(path).rules()

    assert found.tools == {"weather.*": ALLOW, "files.delete": DENY}
    assert found.fingerprints == {"weather.forecast": fingerprint(FORECAST)}
    assert [each.name for each in path.parent.iterdir()] == ["permissions.json"]
    assert path.stat().st_mode & 0o077 == 0


def test_a_change_of_the_file_holds_at_once(tmp_path: Path) -> None:
    path = tmp_path / "permissions.json"
    file = PermissionFile(path)
    file.say(["weather.forecast"], ALLOW, [FORECAST])
    assert file.judge(FORECAST).permission is ALLOW

    path.write_text(json.dumps({"tools": {"weather.forecast": "deny"}}))
    os.utime(path, ns=(1, 1))

    assert file.judge(FORECAST).permission is DENY
    path.unlink()
    assert file.judge(FORECAST).permission is ASK


def test_allowing_again_agrees_to_what_the_tool_is_now(tmp_path: Path) -> None:
    changed = FORECAST.model_copy(update={"description": "Another one."})
    file = PermissionFile(tmp_path / "permissions.json")
    file.say(["weather.forecast"], ALLOW, [FORECAST])
    assert file.judge(changed).has_changed

    file.say(["weather.forecast"], ALLOW, [changed])

    assert file.judge(changed).permission is ALLOW
    assert file.judge(FORECAST).permission is ASK


def test_a_rule_written_by_hand_agrees_to_what_is_first_seen(tmp_path: Path) -> None:
    path = tmp_path / "permissions.json"
    path.write_text('{"tools": {"weather.*": "allow"}}')
    file = PermissionFile(path)

    file.keep([FORECAST, foreign("files.read", "x")])

    assert file.rules().fingerprints == {"weather.forecast": fingerprint(FORECAST)}
    changed = FORECAST.model_copy(update={"description": "Another one."})
    assert file.judge(changed).has_changed
    file.keep([changed])
    assert file.judge(changed).has_changed


def test_the_file_reads_as_it_is_documented() -> None:
    found = read_rules(
        '{"version": 1, "default": "ask",'
        ' "tools": {"weather.forecast": "allow", "files.*": "deny"}, "fingerprints": {}}'
    )

    assert found == Rules(tools={"weather.forecast": ALLOW, "files.*": DENY})
