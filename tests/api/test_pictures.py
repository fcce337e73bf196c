"""The pictures of a task: its chart and the previews of its variants, as drawing and as pixels."""

from pathlib import Path

from api.bootstrap import all_agents
from tests.api.serving import serving

PNG = b"\x89PNG\r\n\x1a\n"
FORECAST = {
    "request": "Forecast our revenue for the next three months",
    "business_metrics": {"revenue_monthly": [100, 104, 109, 112, 118, 121, 127, 130]},
}
POST = {
    "request": "Write a LinkedIn post about our customer growth",
    "business_metrics": {"customer_count": 410, "previous": {"customer_count": 380}},
    "preferences": {"channels": ["linkedin"]},
}


async def test_the_chart_of_a_report_is_served_as_drawing_and_as_pixels(tmp_path: Path) -> None:
    async with serving(tmp_path, all_agents(tmp_path)) as here:
        task_id = await here.submit(**FORECAST)
        await here.status(task_id)
        path = f"/api/orchestrator/approval/{task_id}"
        document = (await here.http.get(path)).json()
        drawing = await here.http.get(f"{path}/chart.svg")
        pixels = await here.http.get(f"{path}/chart.png")
        again = await here.http.get(f"{path}/chart.png")
        unknown = await here.http.get(f"{path}/chart.gif")

    assert document["main_content"]["chart_image"].endswith(f"{path}/chart.png")
    assert drawing.text == document["main_content"]["details"]["chart"]
    assert pixels.headers["content-type"] == "image/png"
    assert pixels.content.startswith(PNG)
    assert pixels.content == again.content
    assert "default-src 'none'" in pixels.headers["content-security-policy"]
    assert unknown.status_code == 422


async def test_a_preview_is_served_as_pixels(tmp_path: Path) -> None:
    async with serving(tmp_path, all_agents(tmp_path)) as here:
        task_id = await here.submit(**POST)
        await here.status(task_id)
        path = f"/api/orchestrator/approval/{task_id}/preview"
        pixels = await here.http.get(f"{path}/linkedin.png")
        unknown = await here.http.get(f"{path}/myspace.png")

    assert pixels.content.startswith(PNG)
    assert unknown.status_code == 422


async def test_a_task_without_figures_over_time_has_no_chart(tmp_path: Path) -> None:
    async with serving(tmp_path, all_agents(tmp_path)) as here:
        task_id = await here.submit(request="Announce our new office in Lisbon on LinkedIn")
        await here.status(task_id)
        path = f"/api/orchestrator/approval/{task_id}"
        document = (await here.http.get(path)).json()
        absent = await here.http.get(f"{path}/chart.png")

    assert document["main_content"]["chart_image"] is None
    assert absent.status_code == 404
