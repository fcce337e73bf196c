"""Rule packs: where and when a rule holds, what blocks, and the packs of a company."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.compliance import compliance_agent
from agents.compliance_rules.packs import SEVERITIES, builtin_rules, schema
from agents.compliance_rules.rulebook import Rulebook, builtin, read_rulebook
from agents.compliance_rules.scan import Finding, Texts, risk_level, scan
from agents.compliance_rules.scope import KNOWN, Scope, scope_of
from agents.contract import Done
from agents.quality.assessment import judged_afresh
from streams.domain.commands import Command, CommandKind
from streams.domain.quality import DimensionScore
from streams.domain.values import ExecutionPhase, Json

COMPANY: Json = {
    "version": 2,
    "pack": "acme",
    "rules": [
        {
            "rule": "old-name",
            "category": "house_style",
            "severity": "low",
            "effect": "blocks",
            "citations": [{"jurisdiction": "company", "text": "Brand guide, section 2"}],
            "title": {"en": "Old product name"},
            "message": {"en": "The product is not called that any more."},
            "suggestion": {"en": "Write Planora."},
            "triggers": ["Shiftmaster"],
            "patterns": ["\\bShiftmaster\\b"],
        }
    ],
}


def asked(text: str, rulebook: Rulebook | None = None, **more: Any) -> Json:
    command = Command(
        command_id="c1",
        task_id="t1",
        kind=CommandKind.RUN_STEP,
        phase=ExecutionPhase.EXECUTION,
        agent_type="compliance",
        tool_id="compliance_checker",
        timeout=1000,
        issued_at=more.pop("at", 0),
        payload={"text": text, **more},
    )
    handler = compliance_agent(rulebook).compute(command)
    assert handler is not None
    outcome = handler(command)
    assert isinstance(outcome, Done)
    return outcome.output


def packs_in(folder: Path, **packs: Any) -> Rulebook:
    folder.mkdir(exist_ok=True)
    for name, pack in packs.items():
        text = pack if isinstance(pack, str) else json.dumps(pack)
        (folder / f"{name}.json").write_text(text, "utf-8")
    return read_rulebook(folder)


# ------------------------------------------------------------------------------ where and when


def test_a_rule_is_cited_as_it_holds_where_the_text_is_for() -> None:
    text = "Jetzt 25 % Rabatt auf alle Kaffeemaschinen."

    german = asked(text, context={"jurisdiction": "Germany"}, language="de")
    american = asked(text, context={"jurisdiction": "US"}, language="de")

    (here,), (there,) = german["findings"], american["findings"]
    assert "PAngV §11(1)" in here["citation"]
    assert here["jurisdiction"] == "EU, DE"
    assert there["citation"] == "FTC Guides Against Deceptive Pricing 16 CFR 233.1"
    assert there["is_citation_checked"] is True


def test_a_rule_without_a_citation_in_a_place_says_nothing_there() -> None:
    text = "Julia Brandt verdient bei uns 92.000 Euro im Jahr."

    assert asked(text, context={"jurisdiction": "US"})["findings"] == []
    assert asked(text, context={"jurisdiction": "DE"})["findings"] != []


def test_what_is_assumed_and_what_is_unknown_is_said() -> None:
    assumed = asked("Hello.", language="de")
    unknown = asked("Hello.", preferences={"jurisdictions": ["CH", "UK"]})

    assert assumed["jurisdictions"] == ["EU", "DE"]
    assert any("kein Rechtsraum" in note for note in assumed["notes"])
    assert unknown["jurisdictions"] == ["UK"]
    assert any("'CH'" in note for note in unknown["notes"])


@pytest.mark.parametrize(
    ("context", "found"),
    [
        ({"market": "Germany"}, ["EU", "DE"]),
        ({"market": "UK and USA"}, ["UK", "US"]),
        ({"market": "bakeries"}, ["EU", "UK", "US"]),
        ({"market": {"size": 5}}, ["EU", "UK", "US"]),
        ({"market": "Germany", "jurisdiction": "UK"}, ["EU", "DE", "UK"]),
    ],
)
def test_a_market_that_is_a_place_says_whose_law_counts(context: Json, found: list[str]) -> None:
    assert asked("Hello.", context=context)["jurisdictions"] == found


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (1_768_467_600_000, "Art. 6(1)"),  # January 2026
        (1_791_000_000_000, "Annex I No. 4a"),  # October 2026
    ],
)
def test_the_law_of_the_day_counts(at: int, words: str) -> None:
    answer = asked(
        "Our environmentally friendly cups.", at=at, context={"jurisdiction": "European Union"}
    )

    (finding,) = answer["findings"]
    assert words in finding["citation"]


@given(st.sets(st.sampled_from(KNOWN), min_size=1), st.sampled_from(["en", "de", "fr"]))
def test_a_named_scope_is_kept(names: set[str], language: str) -> None:
    found = scope_of([{"jurisdiction": ", ".join(names)}], language)

    assert names <= set(found.jurisdictions)
    assert not found.is_assumed


def test_every_builtin_rule_holds_somewhere_today() -> None:
    for rule in builtin_rules():
        assert any(Scope((place,), "2026-11-24").citations(rule) for place in KNOWN), rule.rule


# ------------------------------------------------------------------------------ what blocks


def test_a_blocking_finding_closes_the_gate_and_says_so() -> None:
    text = "This fund pays a guaranteed return of 8% a year. Ask us for the details."

    answer = asked(text)
    judged = gate(text)

    assert answer["effect"] == "blocks"
    assert any("must be settled by a person" in note for note in answer["notes"])
    assert judged.is_gate
    assert not judged.has_passed
    assert judged.issues[0].severity == "critical"


def test_a_warning_leaves_the_gate_open() -> None:
    text = "We guarantee that you will like it."

    assert asked(text)["effect"] == "warns"
    assert gate(text).has_passed


def gate(text: str, rulebook: Rulebook | None = None) -> DimensionScore:
    payload: Json = {"output": {"kind": "post", "content": text}, "intent": {"language": "en"}}
    judged = judged_afresh(payload, rulebook)
    return next(d for d in judged.dimensions if d.name == "compliance")


def findings(*texts: str) -> list[Finding]:
    return scan(Texts(" ".join(texts)), "en")


def test_the_risk_is_the_gravest_severity() -> None:
    assert risk_level(findings("All is well.")) == "none"
    assert risk_level(findings("Act now!")) == "low"
    assert risk_level(findings("Act now!", "We guarantee success.")) == "high"


def test_three_different_faults_of_a_severity_weigh_as_one_of_the_next() -> None:
    two = ("Better than all competitors.", "All plans 20% off.")

    assert risk_level(findings(*two)) == "medium"
    assert risk_level(findings(*two, "Our customers love us.")) == "high"


@given(st.lists(st.sampled_from(builtin().rules), max_size=8))
def test_more_findings_never_lower_the_risk(rules: list[Any]) -> None:
    levels = ("none", *SEVERITIES)
    made = [Finding(rule, rule.citations, "", 0, 0, "content", "", "") for rule in rules]

    for n in range(len(made)):
        assert levels.index(risk_level(made[:n])) <= levels.index(risk_level(made[: n + 1]))


# ------------------------------------------------------------------------------ a company's packs


def test_the_builtin_packs_fit_the_schema() -> None:
    from jsonschema import Draft202012Validator  # type: ignore[import-untyped] # published so

    folder = Path(__file__).parents[2] / "agents" / "data" / "compliance"
    validator = Draft202012Validator(schema())

    for path in folder.glob("*.json"):
        if path.name != "pack.schema.json":
            assert list(validator.iter_errors(json.loads(path.read_text("utf-8")))) == []


def test_the_rules_of_a_company_count_everywhere_and_may_block(tmp_path: Path) -> None:
    rulebook = packs_in(tmp_path, acme=COMPANY)

    answer = asked("Shiftmaster is back.", rulebook, context={"jurisdiction": "US"})

    assert rulebook.problems == ()
    (finding,) = answer["findings"]
    assert finding["citation"] == "Brand guide, section 2"
    assert (answer["risk_level"], answer["effect"]) == ("low", "blocks")
    assert not gate("Shiftmaster is back in the shops this week.", rulebook).has_passed
    assert gate("Shiftmaster is back in the shops this week.").has_passed


def test_a_company_can_change_a_builtin_rule(tmp_path: Path) -> None:
    own = COMPANY["rules"][0] | {"rule": "pressure", "triggers": ["act now"], "patterns": ["nope"]}

    rulebook = packs_in(tmp_path, acme=COMPANY | {"rules": [own]})

    assert asked("Act now!", rulebook)["findings"] == []


@pytest.mark.parametrize(
    ("pack", "problem"),
    [
        ("{", "acme.json: is no JSON"),
        ({"version": 2, "pack": "acme"}, "acme.json#/: 'rules' is a required property"),
        (
            COMPANY | {"rules": [COMPANY["rules"][0] | {"severity": "awful"}]},
            "acme.json#/rules/0/severity: 'awful' is not one of",
        ),
        (
            COMPANY | {"rules": [COMPANY["rules"][0] | {"patterns": ["("]}]},
            "acme.json#/rules/0/patterns/0: is no regular expression",
        ),
        (
            COMPANY | {"rules": [COMPANY["rules"][0] | {"detector": "magic"}]},
            "acme.json#/rules/0/detector: is not one of",
        ),
    ],
)
def test_a_broken_pack_is_named_by_its_place_and_lets_nothing_pass_alone(
    tmp_path: Path, pack: Any, problem: str
) -> None:
    rulebook = packs_in(tmp_path, acme=pack)

    assert rulebook.problems[0].startswith(problem)
    assert asked("All is well.", rulebook)["effect"] == "blocks"
    assert not gate("All is well, and the shop is open on Sunday.", rulebook).has_passed


def test_without_a_folder_the_builtin_rules_count(tmp_path: Path) -> None:
    assert read_rulebook(tmp_path / "none") is builtin()
