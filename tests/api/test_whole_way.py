"""The whole way with the built-in agents: the request of the first page, from HTTP to outbox."""

from pathlib import Path

from api.bootstrap import all_agents
from streams.verification import verify_log
from tests.api.serving import serving

REQUEST = {
    "request": "Create a LinkedIn post about our Q4 growth metrics",
    "business_metrics": {
        "revenue_monthly": 150000,
        "traffic_monthly": 250000,
        "conversion_rate": 0.045,
        "customer_count": 320,
    },
    "preferences": {"tone": "professional", "channels": ["linkedin"], "language": "en"},
}


async def test_a_request_becomes_an_approved_post_whose_numbers_have_sources(
    tmp_path: Path,
) -> None:
    async with serving(tmp_path, all_agents(tmp_path / "data")) as here:
        task_id = await here.submit(**REQUEST)
        shown = (await here.http.get(f"/api/orchestrator/approval/{task_id}")).json()
        channels = list(shown["channel_variants"])
        pictures = [
            await here.http.get(f"/api/orchestrator/approval/{task_id}/preview/{channel}.svg")
            for channel in channels
        ]
        decision = {"task_id": task_id, "approved": True, "publish_to_channels": ["linkedin"]}
        await here.http.post("/api/orchestrator/approve", json=decision)
        ended = await here.status(task_id)
        report = await verify_log(here.parts.log)

    facts = shown["supporting_materials"]["metrics_summary"]
    assert shown["status"] == "pending_approval"
    assert shown["quality_passed"] is True
    assert channels[0] == "linkedin"
    assert facts["revenue_monthly"]["value"] == 150000
    assert set(shown["metadata"]["metrics_used"]) <= set(facts)
    assert all(text in shown["main_content"]["content"] for text in ("$150,000", "4.5%"))
    assert shown["metadata"]["is_offline"] is True
    assert {"financial", "content", "publisher"} <= set(shown["metadata"]["agents_involved"])
    assert all(picture.text.lstrip().startswith("<svg") for picture in pictures)
    assert ended["outcome"] == "approved"
    assert ended["publications"]["linkedin"]["is_dry_run"] is True
    assert list((tmp_path / "data" / "outbox").iterdir())
    assert report.findings == []
