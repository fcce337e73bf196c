"""Messages and answers over HTTP: what the built-in way says, what becomes a task, and what the
records tell."""

from pathlib import Path

import pytest

from tests.api.chat.talking import MODEL, Scripted, events, talking

POST = "Create a LinkedIn post about our Q4 growth metrics"


class TestWithoutAModel:
    """The built-in way is honest about what it is."""

    async def test_it_greets_says_what_it_can_and_that_it_is_offline(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async with talking(tmp_path, monkeypatch) as me:
            told = await me.say("hello")

        assert (told["way"], told["is_offline"], told["cost"]) == ("built_in", True, 0)
        assert "rules, not a model" in told["response"]
        assert me.model.calls == []

    async def test_it_does_not_pretend_to_know_the_world(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async with talking(tmp_path, monkeypatch) as me:
            told = await me.say("Who was the first person on the moon?")
            german = await me.say("Wer war der erste Mensch auf dem Mond?")

        assert "No model is set up" in told["response"]
        assert "kein Modell eingerichtet" in german["response"]

    async def test_it_knows_which_tasks_wait(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async with talking(tmp_path, monkeypatch) as me:
            before = await me.say("Which tasks are waiting?")
            await me.served.submit()
            after = await me.say("Which tasks are waiting?")

        assert "no tasks yet" in before["response"]
        assert "Tasks: 1" in after["response"]

    async def test_a_model_that_is_not_set_up_is_told_with_what_to_do(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
        async with talking(tmp_path, monkeypatch) as me:
            told = await me.say("hello", model="claude-opus")
            unknown = await me.say("hello", model="no-such-model")

        assert "ANTHROPIC_API_KEY" in told["notes"][0]
        assert "no model 'no-such-model'" in unknown["notes"][0]
        assert told["is_offline"] is True


class TestWithAModel:
    """A model is shown the conversation, and its account is told."""

    async def test_its_words_tokens_and_cost_are_told_and_kept(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async with talking(tmp_path, monkeypatch) as me:
            told = await me.say("hello", model=MODEL, temperature=1.5, max_tokens=77)
            kept = await me.get("/history/default")

        assert (told["response"], told["way"], told["model"]) == ("Good day.", "model", MODEL)
        assert told["tokens"] == {"input": 20, "output": 3, "is_estimated": False}
        assert (told["cost"], kept["cost"]) == (0.25, 0.25)
        (call,) = me.model.calls
        assert (call.temperature, call.max_tokens) == (1.5, 77)
        assert [one["content"] for one in kept["messages"]] == ["hello", "Good day."]

    async def test_model_and_agent_are_remembered_and_earlier_messages_shown(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async with talking(tmp_path, monkeypatch) as me:
            await me.say("my name is Ann", model=MODEL, agent="financial")
            told = await me.say("who am I?")

        assert (told["agent"], told["model"]) == ("financial", MODEL)
        shown = [message.content for message in me.model.calls[1].messages]
        assert shown[1:] == ["my name is Ann", "Good day.", "who am I?"]
        assert "figures" in shown[0]
        assert told["context"]["messages"] == 2

    async def test_the_oldest_are_left_out_where_there_is_no_room_and_that_is_told(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async with talking(tmp_path, monkeypatch) as me:
            await me.say("first " + "word " * 4_000, model=MODEL)
            await me.say("second " + "word " * 4_000)
            told = await me.say("third")

        assert told["context"]["left_out"] > 0
        assert "left out" in told["notes"][0]
        shown = me.model.calls[-1].messages
        assert not any(message.content.startswith("first") for message in shown)
        assert shown[1].role == "user"

    async def test_when_it_fails_the_rules_answer_and_the_cost_is_counted(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        model = Scripted(("Half an ",), fails=True)
        async with talking(tmp_path, monkeypatch, model) as me:
            told = await me.say("hello", model=MODEL)

        assert (told["way"], told["is_offline"], told["cost"]) == ("built_in", True, 0.01)
        assert "Half an" not in told["response"]
        assert "the lab is on fire" in told["notes"][0]

    async def test_what_steers_terminals_is_taken_out_of_its_text(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        model = Scripted(("\x1b[31mred\x1b[0m \u202eback\n", "<script>"))
        async with talking(tmp_path, monkeypatch, model) as me:
            told = await me.say("hello", model=MODEL)

        assert told["response"] == "[31mred[0m back\n<script>"


class TestTasks:
    """What asks for a result becomes a task, unless the user has chosen."""

    async def test_a_request_becomes_a_task_and_the_answer_says_why(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async with talking(tmp_path, monkeypatch) as me:
            told = await me.say(POST, model="claude-opus", business_metrics={"revenue_monthly": 9})
            task = await me.served.status(told["task"]["task_id"])

        assert (told["mode"], told["way"]) == ("orchestration", "task")
        assert "asks for a result" in told["reason"]
        assert (task["request"], task["workflow_source"]) == (POST, "chat")
        assert told["task"]["task_id"] in told["response"]

    async def test_a_mode_that_was_chosen_is_respected(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async with talking(tmp_path, monkeypatch) as me:
            talk = await me.say(POST, mode="conversation")
            task = await me.say("hello", mode="orchestration")

        assert (talk["way"], talk["task"]) == ("built_in", None)
        assert (task["way"], task["reason"]) == ("task", None)

    async def test_its_phases_are_events_of_the_stream(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async with talking(tmp_path, monkeypatch) as me:
            response = await me.served.http.post(
                "/api/chat", json={"message": POST}, headers={"Accept": "text/event-stream"}
            )

        told = events(response.text)
        names = [name for _, name, _ in told]
        phases = [d["phase"] for _, n, d in told if n == "phase" and d["kind"] == "phase"]
        assert names[:2] == ["message", "answer"]
        assert names[-1] == "end"
        assert phases[0] == "PLANNING"
        assert "EXECUTION" in phases
        assert [number for number, _, _ in told] == sorted({number for number, _, _ in told})

    async def test_the_same_key_makes_one_message_and_one_task(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async with talking(tmp_path, monkeypatch) as me:
            me.headers["Idempotency-Key"] = "abc"
            first = await me.say(POST)
            second = await me.say(POST)
            await me.say("something else", status=409)
            listed = await me.served.http.get("/api/orchestrator/history")

        assert first["message_id"] == second["message_id"]
        assert len(listed.json()["items"]) == 1


async def test_learning_answers_from_the_records_with_their_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with talking(tmp_path, monkeypatch) as me:
        none = await me.say("What works best?", mode="learning")
        task_id = await me.served.submit()
        some = await me.say("What about growth metrics?", mode="learning")

    assert none["way"] == "records"
    assert "tasks on record: 0" in none["response"]
    assert "tasks on record: 1" in some["response"]
    assert task_id in some["response"]


class TestLooking:
    """Histories, lists and models."""

    async def test_a_history_has_pages_from_the_newest_to_the_oldest(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async with talking(tmp_path, monkeypatch) as me:
            for number in range(5):
                await me.say(f"hello {number}")
            new = await me.get("/history", conversation_id="default", limit=3)
            old = await me.get("/history/default", limit=3, cursor=new["next_cursor"])
            await me.get("/history/default", status=422, cursor="nonsense")

        said = [
            m["content"] for page in (old, new) for m in page["messages"] if m["role"] == "user"
        ]
        assert said == [f"hello {number}" for number in range(5)]
        assert old["next_cursor"] is None

    async def test_conversations_are_listed_newest_first(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async with talking(tmp_path, monkeypatch) as me:
            await me.say("hello", conversationId="one")
            await me.say("hello", conversationId=None, conversation_id="two")
            await me.say("hello", conversationId="one")
            found = await me.get("/conversations")

        named = [(one["conversation_id"], one["message_count"]) for one in found["items"]]
        assert named == [("one", 2), ("two", 1)]

    async def test_seven_models_or_more_can_be_chosen_and_the_built_in_way_is_first(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async with talking(tmp_path, monkeypatch) as me:
            found = await me.get("/models")
            posted = await me.served.http.post("/api/chat/models")

        assert len(found["models"]) >= 7
        assert (found["models"][0]["id"], found["default"]) == ("builtin", "builtin")
        assert posted.json() == found
        notes = {one["id"]: one["note"] for one in found["models"] if not one["is_available"]}
        assert all("not set up here" in note for note in notes.values())


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/message"),
        ({"message": "  "}, "/message"),
        ({"message": "x" * 40_001}, "/message"),
        ({"message": "x", "mode": "shout"}, "/mode"),
        ({"message": "x", "agent": "cook"}, "/agent"),
        ({"message": "x", "temperature": 9}, "/temperature"),
        ({"message": "x", "max_tokens": 0}, "/max_tokens"),
        ({"message": "x", "conversationId": "../etc"}, "/conversationId"),
    ],
)
async def test_what_does_not_fit_is_told_with_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: dict[str, object], pointer: str
) -> None:
    async with talking(tmp_path, monkeypatch) as me:
        response = await me.served.http.post("/api/chat", json=body)

    assert response.status_code == 422
    assert [error["pointer"] for error in response.json()["errors"]] == [pointer]


async def test_what_a_model_has_cost_stands_in_the_ledger_of_the_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with talking(tmp_path, monkeypatch) as me:
        await me.say("hello", model=MODEL)
        day = (await me.served.http.get("/api/orchestrator/budgets")).json()

    assert (day["spent"], day["reserved"]) == (0.25, 0)


async def test_a_call_that_the_budget_forbids_is_not_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-nobody")
    async with talking(tmp_path, monkeypatch, budget_day=0.000001) as me:
        told = await me.say("hello", model="claude-opus")

    assert (told["way"], told["cost"], me.model.calls) == ("built_in", 0, [])
    assert "may spend $0.000001" in told["notes"][0]


async def test_conversations_are_there_again_after_the_read_models_were_rebuilt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with talking(tmp_path, monkeypatch) as me:
        await me.say("hello")
        before = await me.get("/conversations")
        await me.served.parts.read_models.rebuild(None)
        after = await me.get("/conversations")

    assert after == before
    assert len(after["items"]) == 1


async def test_an_answer_without_end_is_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with talking(tmp_path, monkeypatch, Scripted(("x" * 50_000,) * 9)) as me:
        told = await me.say("hello", model=MODEL)

    assert told["status"] == "cut"
    assert len(told["response"]) <= 300_000
    assert me.model.is_closed


async def test_without_a_wish_the_router_chooses_among_what_is_set_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-nobody")
    async with talking(tmp_path, monkeypatch) as me:
        told = await me.say("What makes a good headline?", model="auto")
        shown = await me.get("/models")

    (call,) = me.model.calls
    able = {one["id"] for one in shown["models"] if one["provider"] == "anthropic"}
    assert told["way"] == "model"
    assert {call.model, *call.fallbacks} <= able
    assert all(one["is_available"] for one in shown["models"] if one["id"] in able)


async def test_a_stopped_answer_names_no_task_that_was_never_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with talking(tmp_path, monkeypatch) as me:
        told = await me.say("hello", mode="orchestration", preferences={"tone": 7})

    assert (told["status"], told["task"]) == ("failed", None)
    assert "/preferences/tone" in told["response"]
