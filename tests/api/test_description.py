"""The API's description of itself, and the page and document at `/`."""

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from api.app import bare_app, describe
from api.settings import Settings
from tests.api.makers import Makers
from tests.api.serving import serving

DESCRIPTION = describe(bare_app(Settings()))
OPERATIONS = {
    f"{method.upper()} {path}": operation
    for path, operations in DESCRIPTION["paths"].items()
    for method, operation in operations.items()
}
CONTRACT = (
    "POST /api/orchestrator/process",
    "GET /api/orchestrator/status/{task_id}",
    "GET /api/orchestrator/approval/{task_id}",
    "GET /api/orchestrator/approval/{task_id}/preview/{channel}.svg",
    "POST /api/orchestrator/approve",
    "GET /api/orchestrator/history",
    "GET /api/orchestrator/tools/available",
    "POST /api/orchestrator/engagement/{task_id}",
    "GET /api/orchestrator/tasks/{task_id}/events",
    "POST /api/orchestrator/tasks/{task_id}/cancel",
    "POST /api/orchestrator/tasks/{task_id}/retry",
    "POST /api/orchestrator/tasks/{task_id}/revise",
    "POST /api/orchestrator/tasks/{task_id}/answer",
    "POST /api/requests",
    "GET /api/dead-letters",
    "GET /livez",
    "GET /readyz",
)


def test_everything_that_was_agreed_is_described() -> None:
    assert set(CONTRACT) <= set(OPERATIONS)


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_says_what_it_does_and_shows_what_it_answers(name: str) -> None:
    operation = OPERATIONS[name]
    tags = {tag["name"] for tag in DESCRIPTION["tags"]}

    assert re.match(r"[A-Z]", operation["summary"])
    assert operation["description"]
    assert set(operation["tags"]) <= tags
    assert re.fullmatch(r"[a-z][A-Za-z]+", operation["operationId"])
    good = next(answer for code, answer in operation["responses"].items() if code[0] == "2")
    for kind, content in good["content"].items():
        assert kind != "application/json" or has_example(content)


def has_example(content: dict[str, Any]) -> bool:
    """Whether an answer has an example, itself or in its schema."""
    name = content["schema"].get("$ref", "").rsplit("/", 1)[-1]
    return "example" in content or "example" in DESCRIPTION["components"]["schemas"][name]


def test_every_reference_leads_somewhere() -> None:
    references = set(re.findall(r"'\$ref': '#/components/schemas/([^']+)'", str(DESCRIPTION)))

    assert references <= set(DESCRIPTION["components"]["schemas"])
    assert {"Problem", "ProcessRequestBody"} <= references


def test_only_livez_is_described_as_open() -> None:
    is_open = [name for name, operation in OPERATIONS.items() if operation.get("security") == []]

    assert DESCRIPTION["security"]
    assert is_open == ["GET /livez"]


class Page(HTMLParser):
    """What a page says, loads and links to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name == "href" and tag == "a":
                self.links.append(value or "")
            elif name in ("src", "href", "srcset", "style") or name.startswith("on"):
                self.loads.append(f"{tag} {name}={value}")

    def handle_data(self, data: str) -> None:
        self.text += data


async def test_the_first_page_tells_what_to_type_and_loads_nothing(tmp_path: Path) -> None:
    evil = '<script>alert("x")</script> & more'
    async with serving(tmp_path, Makers(is_failing=True).agents()) as here:
        await here.submit(request=evil)
        answer = await here.http.get("/", headers={"Accept": "text/html,*/*;q=0.8"})
        page = Page(answer.text)
        followed = [(await here.http.get(link)).status_code for link in page.links]

    assert answer.status_code == 200
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert page.loads == []
    assert "script" not in page.tags
    assert evil in page.text
    assert "orchestrator submit" in page.text
    assert all(name.split()[1] in page.text for name in OPERATIONS)
    assert len(page.links) >= 2
    assert set(followed) == {200}
    assert (page.tags.count("h1"), page.tags.count("main"), page.tags.count("title")) == (1, 1, 1)


async def test_programs_get_the_same_as_json(tmp_path: Path) -> None:
    async with serving(tmp_path) as here:
        task_id = await here.submit()
        document = (await here.http.get("/", headers={"Accept": "application/json"})).json()

    assert {f"{e['method']} {e['path']}" for e in document["endpoints"]} == set(OPERATIONS)
    assert [task["task_id"] for task in document["tasks"]] == [task_id]
    assert document["next"][0]["type"].startswith("orchestrator submit")
