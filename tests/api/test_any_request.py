"""Properties of the way in: whatever comes is a task or a problem, and the log stays whole."""

import json
import string
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import given, settings
from hypothesis import strategies as st

from api.intake import InvalidRequest, read_json
from streams.verification import verify_log
from tests.api.serving import Served, serving

PROCESS = "/api/orchestrator/process"
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
names = st.sampled_from(
    ["request", "business_metrics", "preferences", "context", "workflow_source", "task_id"]
)
preferences = st.dictionaries(
    st.sampled_from(["tone", "channels", "language", "priority", "budget", "deadline", "other"]),
    values | st.sampled_from(["en", "professional", "high", ["linkedin"]]),
    max_size=4,
)
requests = st.dictionaries(names, values, max_size=4) | st.fixed_dictionaries(
    {"request": st.text(string.ascii_letters, min_size=1)}, optional={"preferences": preferences}
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def served(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    """One application for all examples."""
    async with serving(tmp_path_factory.mktemp("any")) as here:
        yield here


@pytest.mark.asyncio(loop_scope="module")
@given(body=st.binary(max_size=200) | requests.map(lambda value: json.dumps(value).encode()))
@settings(max_examples=150, deadline=None)
async def test_whatever_is_sent_becomes_a_task_or_a_problem_that_names_the_field(
    served: Served, body: bytes
) -> None:
    answer = await served.http.post(PROCESS, content=body)

    if answer.status_code == 202:
        task_id = answer.json()["task_id"]
        assert (await served.status(task_id))["task_id"] == task_id
    else:
        assert answer.status_code in (409, 422)
        assert all(set(error) >= {"pointer", "detail"} for error in answer.json()["errors"])


@pytest.mark.asyncio(loop_scope="module")
async def test_afterwards_the_log_is_whole(served: Served) -> None:
    report = await verify_log(served.parts.log)

    assert report.findings == []


@given(value=values)
@settings(max_examples=100, deadline=None)
def test_json_is_read_as_it_was_written_or_refused(value: Any) -> None:
    text = json.dumps(value)

    try:
        read = read_json(text.encode(), limit=1_000_000)
    except InvalidRequest:
        assert "NaN" in text or "Infinity" in text
    else:
        assert json.dumps(read) == text
