"""How much the rules find and how often they object to what is fine, on texts of three sets."""

import pytest

from agents.compliance_rules.rulebook import builtin
from agents.quality.prose import small
from tests.agents.compliance_texts import (
    CLEAN,
    PLANTED,
    SECOND_CLEAN,
    SECOND_PLANTED,
    THIRD_CLEAN,
    THIRD_PLANTED,
    Planted,
)
from tests.agents.test_compliance import rules_found

TEXTS = [
    *(text for _, _, text in (*PLANTED, *SECOND_PLANTED, *THIRD_PLANTED)),
    *(text for _, text in (*CLEAN, *SECOND_CLEAN, *THIRD_CLEAN)),
]


def share_found(planted: tuple[Planted, ...]) -> float:
    found = [rule in rules_found(text, language=language) for rule, language, text in planted]
    return sum(found) / len(found)


def share_of_alarms(clean: tuple[tuple[str, str], ...]) -> float:
    found = [bool(rules_found(text, language=language)) for language, text in clean]
    return sum(found) / len(found)


def test_faults_of_the_sets_by_which_the_rules_were_mended_are_found() -> None:
    assert share_found(PLANTED) == 1.0
    assert share_found(SECOND_PLANTED) >= 0.98


def test_new_texts_show_what_the_rules_really_find() -> None:
    assert len(THIRD_PLANTED) + len(SECOND_PLANTED) + len(PLANTED) == 160
    assert share_found(THIRD_PLANTED) >= 0.90  # 29 of 32 when it was written


def test_clean_texts_are_left_alone() -> None:
    assert share_of_alarms(CLEAN) == 0.0
    assert share_of_alarms(SECOND_CLEAN) == 0.0
    assert share_of_alarms(THIRD_CLEAN) <= 1 / 30  # as it was when it was written


@pytest.mark.parametrize("rule", builtin().rules, ids=lambda rule: rule.rule)
def test_no_trigger_hides_what_a_pattern_would_find(rule: object) -> None:
    pattern, triggers = rule.pattern, rule.triggers  # type: ignore[attr-defined]
    keeps_case = rule.keeps_case  # type: ignore[attr-defined]

    hidden = [
        text
        for text in TEXTS
        if pattern is not None
        and pattern.search(text if keeps_case else small(text))
        and not any(trigger in small(text) for trigger in triggers)
    ]

    assert hidden == []
