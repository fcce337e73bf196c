"""The pictures of a task: its chart, and previews of its variants as pixels."""

import asyncio
from typing import Any, Literal

from fastapi import APIRouter, Request, Response

from api.errors import NotFound
from api.routes.shared import PROBLEM, Known, etag, visible
from api.security import LOCAL, Viewer
from streams.domain.state import TaskState
from streams.domain.values import Channel

router = APIRouter(prefix="/api/orchestrator/approval", tags=["tasks"], responses=PROBLEM)
POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"
TYPES = {"svg": "image/svg+xml", "png": "image/png"}
_PNG: dict[int | str, dict[str, Any]] = {
    200: {"description": "a picture", "content": {"image/png": {}}}
}
_BOTH: dict[int | str, dict[str, Any]] = {
    200: {"description": "a picture", "content": {kind: {} for kind in TYPES.values()}}
}


@router.get(
    "/{task_id}/preview/{channel}.png",
    response_class=Response,
    responses=_PNG,
    operation_id="getPreviewPixels",
    summary="How a channel's variant will look, as pixels",
)
async def preview(request: Request, task_id: Known, channel: Channel, who: Viewer) -> Response:
    """The picture of `…/{channel}.svg` as PNG, two pixels for each of its units. Emojis are left
    out: the font has none."""
    from agents.platforms.preview import preview_svg

    seen = await visible(request, task_id, who)
    shown = seen.state.deliverable
    variant = next((v for v in (shown.variants if shown else ()) if v.channel is channel), None)
    if shown is None or variant is None:
        raise NotFound(f"task {task_id!r} has no variant for {channel.value!r}")
    author = "You" if seen.state.principal in ("", LOCAL.name) else seen.state.principal
    picture = preview_svg(variant, title=shown.title, author=author)
    return await _answer(picture, "png", seen.sequence)


@router.get(
    "/{task_id}/chart.{kind}",
    response_class=Response,
    responses=_BOTH,
    operation_id="getChart",
    summary="The chart that belongs to the figures of a task",
)
async def chart(
    request: Request, task_id: Known, kind: Literal["svg", "png"], who: Viewer
) -> Response:
    """A line over time with its forecast, or bars of changes or shares. The SVG says in words
    what it shows. A task without a chart answers 404."""
    seen = await visible(request, task_id, who)
    picture = chart_of(seen.state)
    if not picture:
        raise NotFound(f"task {task_id!r} has no chart")
    return await _answer(picture, kind, seen.sequence)


def chart_of(state: TaskState) -> str:
    """The chart of the deliverable, else of a step; empty for none."""
    details = [state.deliverable.details] if state.deliverable else []
    outputs = (*details, *(work.accepted for work in state.works.values()))
    charts = (output.get("chart") for output in outputs)
    return next((one for one in charts if isinstance(one, str) and one.startswith("<svg")), "")


async def _answer(picture: str, kind: Literal["svg", "png"], sequence: int) -> Response:
    headers = {"Content-Security-Policy": POLICY, "ETag": etag(sequence)}
    if kind == "svg":
        return Response(picture, media_type=TYPES[kind], headers=headers)
    from agents.figures.raster import png_of

    pixels = await asyncio.to_thread(png_of, picture)
    return Response(pixels, media_type=TYPES[kind], headers=headers)
