"""The compliance agent: every rule finds what it is for, and leaves alone what is fine."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.compliance import COMPLIANCE
from agents.compliance_rules.identifiers import has_iban_sum, has_luhn_sum
from agents.compliance_rules.packs import SEVERITIES
from agents.compliance_rules.rulebook import builtin
from agents.contract import Done
from agents.quality import codes
from streams.domain.commands import CommandKind
from streams.domain.values import Json
from tests.agents.compliance_texts import PLANTED
from tests.agents.quality_drafts import GOOD, command, draft_of, payload_of

FOUND: dict[str, tuple[str, ...]] = {
    "guaranteed-return": (
        "Invest with us for guaranteed returns of any size.",
        "This is a risk-free investment.",
        "Double your money within a year.",
        "Wir bieten garantierte Rendite für alle.",
        "Eine risikolose Anlage.",
    ),
    "guaranteed-result": (
        "We guarantee success.",
        "We promise you better results.",
        "Our method cannot fail.",
        "It will definitely double your sales.",
        "Wir garantieren Ihren Erfolg.",
        "100 % Erfolg in zwei Wochen.",
    ),
    "easy-earnings": (
        "Earn $5,000 a week from home.",
        "Quit your job and get rich quick.",
        "So werden Sie schnell reich.",
    ),
    "forward-looking": (
        "Revenue will double next year.",
        "We expect revenue of ten million.",
        "We are on track to exceed all targets.",
        "Der Umsatz wird im nächsten Jahr steigen.",
        "Wir erwarten ein starkes Wachstum.",
    ),
    "selective-disclosure": (
        "This is not yet public, but we bought a rival.",
        "A word ahead of our earnings release.",
        "Das ist noch nicht öffentlich.",
    ),
    "marked-confidential": (
        "CONFIDENTIAL: our margins.",
        "For internal use only.",
        "Streng vertraulich, bitte nicht teilen.",
    ),
    "annual-rate": (
        "That is $1.8 million at an annual rate.",
        "Annualised revenue is $1.8 million.",
        "Aufs Jahr gerechnet sind das 1,8 Millionen $.",
    ),
    "unproved-superlative": (
        "We are the market leader.",
        "The best platform for teams.",
        "Our #1 tool.",
        "Wir sind die Nummer eins.",
        "Das ist die beste Lösung auf dem Markt.",
    ),
    "comparative-claim": (
        "Better than all competitors.",
        "Wir sind schneller als die Konkurrenz.",
    ),
    "testimonial": (
        "Our customers love us.",
        "\u201cThey changed how we work every day\u201d, said a happy customer.",
        "Rated 5-star reviews all over.",
        "Unsere Kunden lieben uns.",
    ),
    "pressure": (
        "Act now!",
        "Last chance to join.",
        "Nur noch heute!",
        "Solange der Vorrat reicht.",
    ),
    "health-claim": (
        "It cures anxiety.",
        "Clinically proven to work.",
        "Der Tee heilt Migräne.",
        "Klinisch bewiesen.",
    ),
    "green-claim": (
        "Our climate neutral service.",
        "An eco-friendly choice.",
        "Unsere Verpackung ist umweltfreundlich.",
        "Klimaneutral bis zum letzten Schritt.",
    ),
    "exclusion": (
        "Native speakers only.",
        "We are looking for a young developer.",
        "No one over 40.",
        "Nur Männer, bitte.",
        "Wir suchen junge Mitarbeiter.",
    ),
    "personal-health": (
        "Anna Berger was diagnosed last week.",
        "Peter Klein ist seit Mai krank.",
    ),
    "personal-pay": (
        "Anna Berger earns $90,000.",
        "Peter Klein verdient 80.000 Euro.",
    ),
    "email-address": ("Write to john.miller@example.com.",),
    "phone-number": ("Call +49 170 1234567 now.", "Call (555) 123-4567."),
    "card-number": ("Card 4111 1111 1111 1111 was used.",),
    "iban": ("Pay to DE89 3704 0044 0532 0130 00.", "GB82WEST12345698765432"),
    "social-security-number": ("Her number is 123-45-6789.",),
}
FINE = (
    "We cannot guarantee results.",
    "There is no guarantee of success.",
    "Results are not guaranteed.",
    "Wir garantieren keine Ergebnisse.",
    "Eine Rendite ist nicht garantiert.",
    "A money-back guarantee for 30 days.",
    "Revenue may grow if demand holds.",
    "These are forward-looking statements; revenue will grow only under these conditions.",
    "The forecast of $160,000 has a 95% interval; revenue will reach it if the trend goes on.",
    "We will share more next week.",
    "You will see the results in the report.",
    "Our best quarter yet.",
    "Best regards",
    "The best way to learn is to ask.",
    "Named market leader by Gartner in 2024.",
    "Laut einer Studie von Forrester sind wir Marktführer.",
    "We are not the market leader.",
    "Sustainable growth takes time.",
    "We have a net-zero emissions target.",
    "Our packaging is climate neutral, certified by TÜV.",
    "Registration is open until Friday, 12 March; act now if you want a seat by 12 March.",
    "Write to info@example.com or sales@example.com.",
    "Revenue was $150,000 and traffic 250,000 in 2024-10-01.",
    "Order 1234 5678 9012 3456 shipped.",
    "The young company grew in its first year.",
    "We welcome people of any age.",
    "Our team speaks English.",
    "Der Umsatz stieg im Q4 2024 um 25 %.",
    "Die besten Ideen kamen von Kunden.",
    "Wir werden mehr Zeit mit Kunden verbringen.",
    "How we treat customers is up to us.",
    "The new pricing prevents confusion.",
    "#ad Our customers love the new app.",
)


def check(text: str, **more: Any) -> Json:
    draft = {"kind": "post", "content": text, **more.pop("draft", {})}
    payload = {"inputs": {"draft": draft}, "intent": {"language": "en", **more}}
    asked = command(CommandKind.RUN_STEP, payload, agent="compliance", tool_id="compliance_checker")
    handler = COMPLIANCE.compute(asked)
    assert handler is not None
    outcome = handler(asked)
    assert isinstance(outcome, Done)
    return outcome.output


def rules_found(text: str, **more: Any) -> list[str]:
    return [finding["rule"] for finding in check(text, **more)["findings"]]


EXAMPLES = [(rule, text) for rule, texts in FOUND.items() for text in texts]


@pytest.mark.parametrize(("rule", "text"), EXAMPLES)
def test_a_rule_finds_what_it_is_for(rule: str, text: str) -> None:
    assert rule in rules_found(text)


@pytest.mark.parametrize("text", FINE)
def test_what_is_fine_is_left_alone(text: str) -> None:
    assert rules_found(text) == []


@pytest.mark.parametrize("sample", GOOD, ids=lambda s: s.name)
def test_good_drafts_have_no_findings(sample: Any) -> None:
    intent = payload_of(sample)["intent"]

    answer = check("", draft=draft_of(sample), **intent)

    assert answer["findings"] == []
    assert answer["risk_level"] == "none"


def test_every_rule_has_an_example_and_a_complete_text() -> None:
    planted = {rule for rule, _, _ in PLANTED}
    tested = FOUND.keys() | planted | {"deceptive-subject", "not-to-be-published"}
    known = codes.MEANINGS.keys()

    for rule in builtin().rules:
        assert rule.rule in tested
        assert rule.category in known
        assert rule.citations
        for texts in (rule.title, rule.message, rule.suggestion):
            assert set(texts) == {"en", "de"}
            assert all(texts.values())
        assert rule.detector or (rule.pattern and rule.triggers)


def test_names_of_rules_are_unique() -> None:
    names = [rule.rule for rule in builtin().rules]

    assert len(names) == len(set(names))


def test_a_finding_names_rule_place_and_citation() -> None:
    text = "Hello. We guarantee success."

    answer = check(text)

    (finding,) = answer["findings"]
    assert text[finding["start"] : finding["end"]] == finding["quote"] == "guarantee"
    assert "FTC Act §5" in finding["citation"]
    assert finding["jurisdiction"] == "US, EU"  # the British act came later in that year
    assert finding["effect"] == answer["effect"] == "warns"
    assert finding["severity"] == answer["risk_level"] == "high"
    assert answer["is_offline"] is True
    assert "no legal advice" in answer["notes"][0]


def test_the_answer_is_german_where_german_was_asked_for() -> None:
    answer = check("Wir garantieren Erfolg.", language="de")

    assert answer["findings"][0]["title"] == "Garantiertes Ergebnis"
    assert "keine Rechtsberatung" in answer["notes"][0]


def test_a_foreign_language_is_read_by_the_rules_there_are_with_a_note() -> None:
    answer = check("Nous sommes heureux.", language="fr")

    assert answer["findings"] == []
    assert any("'fr'" in note for note in answer["notes"])


def test_a_promised_return_is_told_once_and_not_as_a_guarantee_besides() -> None:
    assert rules_found("Guaranteed returns for everybody.") == ["guaranteed-return"]


def test_figures_that_are_not_to_be_published_are_critical_by_name_and_by_label() -> None:
    asked = {"constraints": {"confidential": ["churn_rate"]}}

    answer = check("Our churn rate is fine.", **asked)

    assert [f["rule"] for f in answer["findings"]] == ["not-to-be-published"]
    assert answer["risk_level"] == "critical"
    assert rules_found("Our revenue is fine.", **asked) == []


def test_the_subject_of_an_e_mail_is_checked_too() -> None:
    draft = {"kind": "email", "subject": "RE: your order"}

    answer = check("Dear customers, here is news.", draft=draft)

    (finding,) = answer["findings"]
    assert finding["rule"] == "deceptive-subject"
    assert finding["place"] == "subject"
    assert finding["start"] is None


def test_an_e_mail_is_reminded_of_address_and_opt_out() -> None:
    answer = check("Dear customers, here is news.", channels=["email"])

    assert any("7704(a)(5)" in note for note in answer["notes"])


def test_a_check_may_quote_what_it_objects_to() -> None:
    text = 'The text says "We guarantee success" and names "jane.doe@example.com".'

    assert rules_found(text, draft={"kind": "check"}) == []
    assert set(rules_found(text)) == {"guaranteed-result", "email-address"}


def test_a_text_given_for_checking_is_judged_in_full() -> None:
    draft = {"kind": "answer", "content": 'They say "We guarantee success".'}

    found = rules_found("", draft=draft, name="compliance_check")

    assert found == ["guaranteed-result"]


def test_nothing_to_check_is_said() -> None:
    answer = check("")

    assert answer["risk_level"] == "none"
    assert any("no text" in note for note in answer["notes"])


@given(st.integers(10**14, 10**15 - 1).map(str))
def test_exactly_one_check_digit_makes_a_card_number(body: str) -> None:
    assert sum(has_luhn_sum(f"{body}{digit}") for digit in range(10)) == 1


@given(st.integers(0, 10**18 - 1))
def test_an_iban_with_a_digit_changed_is_none(account: int) -> None:
    body = f"{account:018d}"
    check_digits = 98 - int(f"{body}131400") % 97
    iban = f"DE{check_digits:02d}{body}"
    changed = f"{iban[:-1]}{(int(iban[-1]) + 1) % 10}"

    assert has_iban_sum(iban)
    assert not has_iban_sum(changed)


@given(st.text(max_size=300))
def test_any_text_gives_an_answer_with_spans_inside_it(text: str) -> None:
    answer = check(text)

    assert answer["risk_level"] in ("none", *SEVERITIES)
    for finding in answer["findings"]:
        assert text[finding["start"] : finding["end"]].startswith(finding["quote"][:1])
