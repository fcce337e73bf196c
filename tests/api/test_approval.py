"""Approval: what is shown, what can be changed, and that a decision counts for what was seen."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from streams.verification import verify_log
from tests.api.makers import POST, Makers
from tests.api.serving import Served, serving

APPROVE = "/api/orchestrator/approve"


async def decide(here: Served, task_id: str, **body: Any) -> httpx.Response:
    return await here.http.post(APPROVE, json={"task_id": task_id, "approved": True} | body)


async def test_the_approval_document_has_the_agreed_names(tmp_path: Path) -> None:
    async with serving(tmp_path, Makers().agents(), public_url="http://localhost:9") as here:
        task_id = await here.submit()
        answer = await here.http.get(f"/api/orchestrator/approval/{task_id}")

    shown = answer.json()
    picture = f"http://localhost:9/api/orchestrator/approval/{task_id}/preview/linkedin.svg"
    assert shown["status"] == "pending_approval"
    assert shown["quality_passed"] is True
    assert shown["quality_score"] == pytest.approx(0.95)
    assert shown["main_content"]["title"] == "Q4 Growth Story"
    assert shown["main_content"]["content"] == POST
    assert shown["main_content"]["preview_image"] == picture
    assert set(shown["channel_variants"]) == {"linkedin", "twitter"}
    assert shown["channel_variants"]["twitter"]["preview_image"].endswith("/twitter.svg")
    assert set(shown["metadata"]) >= {
        "metrics_used",
        "execution_time",
        "cost",
        "agents_involved",
    }
    assert set(shown["supporting_materials"]) >= {"metrics_summary", "narrative", "research"}
    assert shown["approval_url"] == f"http://localhost:9/approve/{task_id}"
    assert answer.headers["etag"].strip('"').isdigit()


async def test_before_there_is_a_deliverable_there_is_nothing_to_show(tmp_path: Path) -> None:
    async with serving(tmp_path, Makers(question="Which year?").agents()) as here:
        task_id = await here.submit()
        shown = await here.http.get(f"/api/orchestrator/approval/{task_id}")
        edited = await decide(here, task_id, edits={"title": "x"})

    assert shown.status_code == 409
    assert edited.status_code == 409
    assert edited.json()["errors"][0]["pointer"] == "/edits"


async def test_what_is_approved_for_one_channel_is_published_there_alone(tmp_path: Path) -> None:
    makers = Makers()
    async with serving(tmp_path, makers.agents()) as here:
        task_id = await here.submit()
        await decide(here, task_id, publish_to_channels=["linkedin"], feedback="Great analysis!")
        ended = await here.status(task_id)

    assert ended["outcome"] == "approved"
    assert [p["channel"] for p in makers.published] == ["linkedin"]
    assert ended["publications"]["linkedin"]["is_dry_run"] is True


async def test_edits_are_published_and_what_was_not_edited_stays(tmp_path: Path) -> None:
    makers = Makers()
    edits = {"title": "Our best quarter", "channel_variants": {"twitter": "A short one."}}
    async with serving(tmp_path, makers.agents()) as here:
        task_id = await here.submit()
        answer = await decide(here, task_id, edits=edits)
        await here.status(task_id)
        shown = (await here.http.get(f"/api/orchestrator/approval/{task_id}")).json()
        report = await verify_log(here.parts.log)

    assert answer.status_code == 200, answer.text
    assert shown["main_content"]["title"] == "Our best quarter"
    texts = {p["channel"]: p["variant"]["content"] for p in makers.published}
    assert texts == {"linkedin": POST, "twitter": "A short one."}
    assert shown["channel_variants"]["twitter"]["characters"] == len("A short one.")
    assert report.findings == []


async def test_variants_that_repeat_the_content_follow_its_edit(tmp_path: Path) -> None:
    makers = Makers()
    async with serving(tmp_path, makers.agents()) as here:
        task_id = await here.submit()
        await decide(here, task_id, edits={"content": "Said better."})
        await here.status(task_id)

    assert {p["variant"]["content"] for p in makers.published} == {"Said better."}


async def test_a_thread_its_hashtags_and_the_call_are_edited_by_themselves(tmp_path: Path) -> None:
    makers = Makers()
    edits = {
        "hashtags": ["#Better"],
        "call_to_action": "Tell us.",
        "channel_variants": {"twitter": {"parts": ["One.", "Two."], "hashtags": ["#Best"]}},
    }
    async with serving(tmp_path, makers.agents()) as here:
        task_id = await here.submit()
        await decide(here, task_id, edits=edits, publish_to_channels=["twitter"])
        await here.status(task_id)
        shown = (await here.http.get(f"/api/orchestrator/approval/{task_id}")).json()

    variant = makers.published[0]["variant"]
    assert (variant["parts"], variant["content"]) == (["One.", "Two."], "One.\n\nTwo.")
    assert variant["hashtags"] == ["#Best"]
    assert variant["characters"] == len("Two.")
    assert shown["main_content"]["hashtags"] == ["#Better"]
    assert shown["main_content"]["call_to_action"] == "Tell us."


async def test_what_the_world_did_is_recorded_once(tmp_path: Path) -> None:
    async with serving(tmp_path, Makers().agents()) as here:
        task_id = await here.submit()
        await decide(here, task_id)
        await here.status(task_id)
        body = {"engagement_id": "e1", "channel": "linkedin", "metrics": {"clicks": 87}}
        path = f"/api/orchestrator/engagement/{task_id}"
        answers = [(await here.http.post(path, json=body)).json() for _ in range(2)]

    assert [answer["verdict"] for answer in answers] == ["accepted", "repeated"]


@pytest.mark.parametrize(
    ("edits", "pointer"),
    [
        ({"channel_variants": {"twitter": "x" * 281}}, "/edits/channel_variants/twitter/content"),
        ({"channel_variants": {"email": "Hello"}}, "/edits/channel_variants/email"),
        ({"channel_variants": {"myspace": "Hello"}}, "/edits/channel_variants/myspace"),
        ({"channel_variants": {"twitter": {"text": "x"}}}, "/edits/channel_variants/twitter/text"),
        ({"channel_variants": {"twitter": 7}}, "/edits/channel_variants/twitter"),
        ({"channel_variants": []}, "/edits/channel_variants"),
        ({"title": ""}, "/edits/title"),
        ({"titel": "x"}, "/edits/titel"),
        ({"content": "a\u0007"}, "/edits/content"),
        ("shorter", "/edits"),
    ],
)
async def test_edits_that_do_not_fit_are_named_and_change_nothing(
    edits: object, pointer: str, tmp_path: Path
) -> None:
    makers = Makers()
    async with serving(tmp_path, makers.agents()) as here:
        task_id = await here.submit()
        before = await here.status(task_id)
        answer = await decide(here, task_id, edits=edits)
        after = await here.status(task_id)

    assert answer.status_code == 422, answer.text
    assert pointer in [error["pointer"] for error in answer.json()["errors"]]
    assert after["sequence"] == before["sequence"]
    assert makers.published == []


async def test_a_decision_about_an_older_round_is_refused(tmp_path: Path) -> None:
    makers = Makers()
    async with serving(tmp_path, makers.agents()) as here:
        task_id = await here.submit()
        path = f"/api/orchestrator/tasks/{task_id}/revise"
        revised = await here.http.post(path, json={"feedback": "shorter", "round": 1})
        second = await here.status(task_id)
        stale = await decide(here, task_id, round=1)
        fresh = await decide(here, task_id, round=2)
        again = await decide(here, task_id, round=2)
        ended = await here.status(task_id)

    assert revised.status_code == 200
    assert second["approval_round"] == 2
    assert second["approval_reason"] == "ready for your decision"
    assert stale.status_code == 409
    assert "round 2 is open" in stale.json()["detail"]
    assert fresh.json()["verdict"] == "accepted"
    assert again.json()["verdict"] == "repeated"
    assert ended["outcome"] == "approved"
    assert len(makers.published) == 2


async def test_a_rejected_task_publishes_nothing_and_can_be_revised(tmp_path: Path) -> None:
    makers = Makers()
    async with serving(tmp_path, makers.agents()) as here:
        task_id = await here.submit()
        await decide(here, task_id, approved=False, feedback="not ours")
        rejected = await here.status(task_id)
        path = f"/api/orchestrator/tasks/{task_id}/revise"
        await here.http.post(path, json={"feedback": "in our own words"})
        again = await here.status(task_id)

    assert rejected["outcome"] == "rejected"
    assert makers.published == []
    assert (again["status"], again["approval_round"]) == ("pending_approval", 2)


async def test_a_question_is_answered_and_the_task_goes_on(tmp_path: Path) -> None:
    async with serving(tmp_path, Makers(question="Which year?").agents()) as here:
        task_id = await here.submit()
        asked = await here.status(task_id)
        path = f"/api/orchestrator/tasks/{task_id}/answer"
        wrong = await here.http.post(path, json={"answer": "2024", "question_id": "none"})
        answered = await here.http.post(path, json={"answer": "2024"})
        after = await here.status(task_id)
        late = await here.http.post(path, json={"answer": "2023"})

    assert asked["status"] == "waiting_for_answer"
    assert asked["questions"][0]["question"] == "Which year?"
    assert wrong.status_code == 409
    assert answered.json()["verdict"] == "accepted"
    assert after["status"] == "pending_approval"
    assert late.status_code == 409


async def test_a_cancelled_task_does_not_go_on(tmp_path: Path) -> None:
    async with serving(tmp_path, Makers().agents()) as here:
        task_id = await here.submit()
        path = f"/api/orchestrator/tasks/{task_id}"
        cancelled = await here.http.post(f"{path}/cancel", json={"reason": "restated"})
        again = await here.http.post(f"{path}/cancel")
        late = await decide(here, task_id)
        retried = await here.http.post(f"{path}/retry")
        ended = await here.status(task_id)

    assert cancelled.json()["verdict"] == "accepted"
    assert again.json()["verdict"] == "repeated"
    assert late.status_code == 409
    assert retried.status_code == 409
    assert ended["outcome"] == "cancelled"


async def test_a_failed_task_is_tried_again_from_where_it_failed(tmp_path: Path) -> None:
    makers = Makers(is_failing=True)
    async with serving(tmp_path, makers.agents()) as here:
        task_id = await here.submit()
        failed = await here.status(task_id)
        makers.is_failing = False
        await here.http.post(f"/api/orchestrator/tasks/{task_id}/retry")
        after = await here.status(task_id)

    assert failed["outcome"] == "failed"
    assert "out of paper" in failed["error"]
    assert after["status"] == "pending_approval"


async def test_a_preview_is_a_picture_that_can_do_nothing(tmp_path: Path) -> None:
    async with serving(tmp_path, Makers().agents()) as here:
        task_id = await here.submit()
        path = f"/api/orchestrator/approval/{task_id}/preview"
        picture = await here.http.get(f"{path}/linkedin.svg")
        absent = await here.http.get(f"{path}/email.svg")
        unknown = await here.http.get(f"{path}/myspace.svg")

    assert picture.status_code == 200
    assert picture.headers["content-type"].startswith("image/svg+xml")
    assert "<svg" in picture.text
    assert "Revenue grew" in picture.text
    policy = picture.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert absent.status_code == 404
    assert unknown.status_code == 422


async def test_who_may_not_approve_may_not_have_it_approved_in_advance(tmp_path: Path) -> None:
    from api.security import create_token

    async with serving(tmp_path, Makers().agents(), secret="s" * 40) as here:
        answers = {}
        for role in ("operator", "approver"):
            token = create_token(here.parts.settings, role, role, days=1)
            answers[role] = await here.http.post(
                "/api/orchestrator/process",
                json={"request": "x", "preferences": {"auto_approve": True}},
                headers={"Authorization": f"Bearer {token}"},
            )

    assert answers["operator"].status_code == 403
    assert answers["operator"].json()["errors"][0]["pointer"] == "/preferences/auto_approve"
    assert answers["approver"].status_code == 202


async def test_a_channel_that_was_denied_meanwhile_is_named_and_the_others_go_out(
    tmp_path: Path,
) -> None:
    makers = Makers()
    async with serving(tmp_path, makers.agents()) as here:
        task_id = await here.submit()
        path = "/api/orchestrator/tools/twitter_publisher/permission"
        await here.http.put(path, json={"permission": "deny"})
        refused = await decide(here, task_id)
        waiting = await here.status(task_id)
        rejectable = await decide(here, task_id, publish_to_channels=["linkedin"])
        await here.status(task_id)

    assert refused.status_code == 403
    assert "'twitter_publisher' is denied" in refused.json()["detail"]
    assert waiting["status"] == "pending_approval"
    assert rejectable.status_code == 200
    assert [p["channel"] for p in makers.published] == ["linkedin"]
