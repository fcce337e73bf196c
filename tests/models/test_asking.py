"""Attempts, fallbacks, rests, deadlines and accounts of a call, without a provider."""

import asyncio
from pathlib import Path

import pytest

from agents.models import asking
from agents.models.calls import CallAccount, Fault, ModelAnswer, ModelFailed, Piece, UsageTrust
from agents.models.kept_answers import KeptAnswers
from tests.models.asked import OBJECT, ScriptedWire, a_call, asking_by, fault

GOOD = ["Revenue ", "grew.", (14, 3)]


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "PAUSE", (0.0, 0.0))


async def test_an_answer_comes_with_its_account() -> None:
    wire = ScriptedWire({"gpt-6-luna": [GOOD]})

    answer = await asking_by(wire).complete(a_call("gpt-6-luna"))

    account = answer.account
    assert answer.text == "Revenue grew."
    assert (account.model, account.tokens_in, account.tokens_out) == ("gpt-6-luna", 14, 3)
    assert account.cost == pytest.approx((14 * 0.10 + 3 * 0.50) / 1_000_000)
    assert account.first_token is not None
    assert account.usage is UsageTrust.REPORTED


@pytest.mark.parametrize("kind", [Fault.SERVER_ERROR, Fault.CUT_OFF, Fault.RATE_LIMITED])
async def test_what_may_pass_is_asked_once_more(kind: Fault) -> None:
    wire = ScriptedWire({"one": [[fault(kind)], GOOD]})

    answer = await asking_by(wire).complete(a_call("one"))

    assert wire.asked == ["one", "one"]
    assert [attempt.fault for attempt in answer.account.attempts] == [kind, None]


@pytest.mark.parametrize("kind", list(Fault))
async def test_another_model_answers_whatever_is_wrong_with_the_first(kind: Fault) -> None:
    wire = ScriptedWire({"one": [[fault(kind)]], "two": [GOOD]})

    answer = await asking_by(wire).complete(a_call("one", "two"))

    assert answer.account.model == "two"
    assert wire.asked.count("one") <= 2


async def test_a_wrong_key_is_not_tried_again_and_said() -> None:
    wire = ScriptedWire({"one": [[fault(Fault.BAD_KEY)]]})

    with pytest.raises(ModelFailed, match="bad_key") as failed:
        await asking_by(wire).complete(a_call("one"))

    assert wire.asked == ["one"]
    assert not failed.value.is_passing


async def test_a_model_that_hangs_costs_a_share_of_the_time_and_its_prompt() -> None:
    wire = ScriptedWire({"gpt-6-luna": [["Reve", None]], "two": [GOOD]})

    answer = await asking_by(wire).complete(a_call("gpt-6-luna", "two", seconds=0.1))

    hung = answer.account.attempts[0]
    assert hung.fault is Fault.TIMED_OUT
    assert hung.tokens_in > 0
    assert answer.account.cost >= hung.cost > 0
    assert answer.account.usage is UsageTrust.RECOUNTED
    assert wire.closed == 2


async def test_a_call_fails_in_its_time_when_all_hang() -> None:
    wire = ScriptedWire({"one": [[None]], "two": [[None]]})

    async with asyncio.timeout(5):
        with pytest.raises(ModelFailed, match="are over") as failed:
            await asking_by(wire).complete(a_call("one", "two", seconds=0.05))

    assert failed.value.is_passing


async def test_pieces_begin_anew_after_an_answer_that_broke_off() -> None:
    wire = ScriptedWire({"one": [["Reve", fault(Fault.CUT_OFF)], GOOD]})

    parts = [part async for part in asking_by(wire).stream(a_call("one"))]

    pieces = [part for part in parts if isinstance(part, Piece)]
    begun = next(n for n, piece in enumerate(pieces) if piece.begins_anew)
    assert "".join(piece.text for piece in pieces[begun:]) == "Revenue grew."
    assert isinstance(parts[-1], ModelAnswer)


async def test_a_stream_that_is_closed_stops_the_model_and_is_accounted() -> None:
    told: list[CallAccount] = []
    wire = ScriptedWire({"gpt-6-luna": [["Revenue ", None]]})
    stream = asking_by(wire, told=told).stream(a_call("gpt-6-luna"))

    first = await anext(stream)
    await stream.aclose()

    assert first == Piece(text="Revenue ")
    assert wire.closed == 1
    assert told[0].attempts[0].fault is Fault.CANCELLED
    assert told[0].cost > 0


async def test_a_call_that_is_cancelled_stops_the_model() -> None:
    told: list[CallAccount] = []
    wire = ScriptedWire({"one": [[None]]})
    task = asyncio.create_task(asking_by(wire, told=told).complete(a_call("one")))

    await wire.hangs.wait()
    task.cancel()
    await asyncio.wait([task])

    assert task.cancelled()
    assert wire.closed == 1
    assert told[0].attempts[0].fault is Fault.CANCELLED


async def test_a_model_that_asked_for_a_rest_is_asked_last_and_still_before_giving_up() -> None:
    wire = ScriptedWire({"one": [[fault(Fault.RATE_LIMITED, 90)], GOOD], "two": [GOOD]})
    asks = asking_by(wire)
    await asks.complete(a_call("one", "two", call_id="1"))

    cooling = asks.cooling()
    await asks.complete(a_call("one", "two", call_id="2"))
    await asks.complete(a_call("one", call_id="3"))

    assert cooling == {"one"}
    assert wire.asked == ["one", "two", "two", "one"]
    assert asks.cooling() == frozenset()


async def test_a_model_rests_after_three_failures_in_a_row() -> None:
    wire = ScriptedWire({"one": [[fault(Fault.SERVER_ERROR)]], "two": [GOOD]})
    asks = asking_by(wire)

    await asks.complete(a_call("one", "two", call_id="1"))
    assert asks.cooling() == frozenset()
    await asks.complete(a_call("one", "two", call_id="2"))

    assert asks.cooling() == {"one"}


@pytest.mark.parametrize(
    "claimed", [(0, 0), (-5, -5), (10**9, 10**9), (None, None), ("many", 3), (True, True)]
)
async def test_a_count_that_cannot_be_true_is_counted_anew(claimed: tuple[object, object]) -> None:
    wire = ScriptedWire({"gpt-6-luna": [["Revenue grew.", claimed]]})

    answer = await asking_by(wire).complete(a_call("gpt-6-luna"))

    assert answer.account.usage is UsageTrust.RECOUNTED
    assert (answer.account.tokens_in, answer.account.tokens_out) == (13, 2)
    assert 0 < answer.account.cost < 0.0001


@pytest.mark.parametrize(
    "said", ["no object", "[1]", '{"answer": 3}', '{"other": "x"}', '{"answer": "x"', " "]
)
async def test_what_does_not_fit_the_schema_is_asked_again_and_paid(said: str) -> None:
    good = ['```json\n{"answer": "it grew"}\n```']
    wire = ScriptedWire({"gpt-6-luna": [[said], good]})

    answer = await asking_by(wire).complete(a_call("gpt-6-luna", json_schema=OBJECT))

    assert answer.data == {"answer": "it grew"}
    assert [one.fault for one in answer.account.attempts] == [Fault.BAD_ANSWER, None]
    assert answer.account.attempts[0].cost > 0


async def test_an_answer_that_was_kept_is_not_paid_again_after_a_restart(tmp_path: Path) -> None:
    first = KeptAnswers(tmp_path)
    paid = await asking_by(ScriptedWire({"one": [GOOD]}), first).complete(a_call("one"))
    first.close()
    wire = ScriptedWire({"one": [GOOD]})
    second = KeptAnswers(tmp_path)

    again = await asking_by(wire, second).complete(a_call("one", seconds=3.0))
    second.close()

    assert wire.asked == []
    assert again.text == paid.text
    assert again.account.is_cached
    assert again.account.cost == 0


async def test_another_question_under_the_same_id_is_asked() -> None:
    wire = ScriptedWire({"one": [GOOD]})
    asks = asking_by(wire)

    await asks.complete(a_call("one", call_id="same"))
    await asks.complete(a_call("one", call_id="same", temperature=0.9))

    assert wire.asked == ["one", "one"]


def test_kept_answers_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agents.models.kept_answers.MOST_ANSWERS", 3)
    kept = KeptAnswers(tmp_path)
    calls = [a_call("one", call_id=f"call {n}") for n in range(6)]

    for call in calls:
        kept.put(call, ModelAnswer(text=call.call_id, account=CallAccount()))

    assert [kept.get(call) is not None for call in calls] == [False] * 3 + [True] * 3
    kept.close()


def test_a_file_of_kept_answers_that_is_broken_is_begun_anew(tmp_path: Path) -> None:
    (tmp_path / "model-answers.sqlite").write_bytes(b"no database at all" * 100)

    kept = KeptAnswers(tmp_path)
    kept.put(a_call("one"), ModelAnswer(text="kept", account=CallAccount()))

    assert kept.get(a_call("one")) is not None
    kept.close()


async def test_a_model_whose_provider_is_not_set_up_is_named() -> None:
    with pytest.raises(ModelFailed, match="unknown: not_set_up"):
        await asking_by(ScriptedWire()).complete(a_call("unknown"))
