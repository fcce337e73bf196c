"""What is found wrong with a variant before a platform finds it."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.platforms.limits import HTML_MISMATCH, UNSAFE_HTML, problems
from agents.quality import codes
from streams.domain.deliverable import ChannelVariant
from streams.domain.values import Channel


def found(channel: str, content: str, **fields: Any) -> dict[str, str]:
    variant = ChannelVariant.model_construct(
        **{**ChannelVariant(channel=Channel(channel), content="").__dict__, **fields}
    )
    variant = variant.model_copy(update={"content": content})
    return {issue.code: issue.severity for issue in problems(variant)}


@pytest.mark.parametrize(
    ("channel", "content", "fields", "code"),
    [
        ("linkedin", " \n", {}, codes.EMPTY),
        ("twitter", "a", {"parts": ("1/2 a", " ")}, codes.EMPTY),
        ("linkedin", "x" * 3_001, {}, codes.TOO_LONG),
        ("linkedin", "\U0001f680" * 1_501, {}, codes.TOO_LONG),
        ("twitter", "の" * 141, {}, codes.TOO_LONG),
        ("twitter", "a", {"parts": ("1/2 a", "2/2 " + "b" * 280)}, codes.TOO_LONG),
        ("linkedin", "This is **bold**.", {}, codes.MARKDOWN_LEAK),
        ("linkedin", "# A heading", {}, codes.MARKDOWN_LEAK),
        ("linkedin", "[here](https://example.com)", {}, codes.MARKDOWN_LEAK),
        ("linkedin", "Hello [Your Name], welcome", {}, codes.PLACEHOLDER),
        ("linkedin", "Hello {{name}}", {}, codes.PLACEHOLDER),
        ("linkedin", "Result: TBD", {}, codes.PLACEHOLDER),
        ("linkedin", "See https:// for more", {}, codes.BROKEN_LINK),
        ("linkedin", "See http:/example.com", {}, codes.BROKEN_LINK),
        ("linkedin", "a\x07b", {}, codes.CONTROL_CHARACTER),
        ("linkedin", "half \ud83d", {}, codes.CONTROL_CHARACTER),
        ("linkedin", "#a #b #c #d #e #f", {}, codes.TOO_MANY_HASHTAGS),
        ("twitter", "#a #b #c", {}, codes.TOO_MANY_HASHTAGS),
        ("email", "Hello", {"subject": None}, codes.NO_SUBJECT),
        ("email", "Hello", {"subject": "x" * 79}, codes.SUBJECT_TOO_LONG),
        ("email", "Hello", {"subject": "a\nBcc: b"}, codes.CONTROL_CHARACTER),
        ("email", "Hello", {"subject": "s", "html": "<p>Bye</p>"}, HTML_MISMATCH),
        ("email", "Hello", {"subject": "s", "html": "<p>Hello</p><script>1</script>"}, UNSAFE_HTML),
        ("email", "Hi", {"subject": "s", "html": '<p>Hi<img src="//x"></p>'}, UNSAFE_HTML),
    ],
)
def test_a_defect_is_found(channel: str, content: str, fields: Any, code: str) -> None:
    assert code in found(channel, content, **fields)


@pytest.mark.parametrize(
    ("channel", "content", "fields"),
    [
        ("linkedin", "x" * 3_000, {}),
        ("linkedin", "2 * 3 = 6, snake_case, 5 > 3, C# and [sic].", {}),
        ("linkedin", "• one\n• two\n- three\n\n#Growth #Q4", {}),
        ("linkedin", "https://example.com/**a**?x=__y__", {}),
        ("twitter", "x" * 280, {}),
        ("twitter", "1/2 a\n\n2/2 b", {"parts": ("1/2 a", "2/2 b")}),
        ("email", "Hello", {"subject": "A subject", "html": "<p>Hello</p>"}),
    ],
)
def test_a_sound_variant_has_no_findings(channel: str, content: str, fields: Any) -> None:
    assert found(channel, content, **fields) == {}


def test_a_long_subject_is_a_warning_before_it_is_an_error() -> None:
    assert found("email", "Hello", subject="x" * 61) == {codes.SUBJECT_TOO_LONG: "warning"}
    assert found("email", "Hello", subject="x" * 79) == {codes.SUBJECT_TOO_LONG: "error"}


def test_a_finding_says_where_it_is_and_what_to_do() -> None:
    text = "All is **well**."

    (issue,) = problems(ChannelVariant(channel=Channel.LINKEDIN, content=text))

    assert issue.evidence is not None
    assert text[issue.evidence.start : issue.evidence.end] == issue.evidence.quote == "**well**"
    assert issue.suggestion


@settings(deadline=None)
@given(st.sampled_from(list(Channel)), st.text(max_size=120), st.text(max_size=40))
def test_any_text_can_be_examined(channel: Channel, content: str, subject: str) -> None:
    issues = problems(ChannelVariant(channel=channel, content=content, subject=subject))

    for issue in issues:
        if issue.evidence is not None and issue.evidence.start is not None:
            assert 0 <= issue.evidence.start <= len(content)
