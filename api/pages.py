"""The page at `/` until there is a web interface: what to type next, the newest tasks, and every
endpoint. It loads nothing from anywhere."""

from base64 import b64encode
from hashlib import sha256
from html import escape
from typing import Any

from api.settings import Settings
from streams.domain.values import Json

REQUEST = "Create a LinkedIn post about our Q4 growth metrics"
_CURL = """curl {url}/api/orchestrator/process \\
  -H 'Content-Type: application/json' \\
  -d '{{
    "request": "{request}",
    "business_metrics": {{"revenue_monthly": 150000, "customer_count": 320}},
    "preferences": {{"tone": "professional", "channels": ["linkedin"]}}
  }}'"""
_STEPS = (
    (f'orchestrator submit "{REQUEST}"', "hand a request in; prints the task's ID"),
    ("orchestrator watch ID", "follow its phases, steps, scores and cost"),
    ("orchestrator list --waiting", "what waits for your decision"),
    ('orchestrator revise ID --feedback "shorter"', "ask for another version"),
    ("orchestrator approve ID --channel linkedin", "approve it, for all or some channels"),
    ("orchestrator events ID --at 12", "its state as it was after event 12"),
)
_STYLE = """
:root { color-scheme: light dark; --line: #d5dae3; --soft: #f3f5f9; --ink: #172033;
  --dim: #55607a; --link: #0b4fc4; --back: #fff; }
@media (prefers-color-scheme: dark) { :root { --line: #333c50; --soft: #1a2130; --ink: #e8ecf5;
  --dim: #a3aec4; --link: #8ab4ff; --back: #10151f; } }
* { box-sizing: border-box }
body { margin: 0; font: 1rem/1.55 system-ui, sans-serif; color: var(--ink);
  background: var(--back) }
main { max-width: 62rem; margin: 0 auto; padding: 2rem 1.25rem 4rem }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .5rem }
h2 { font-size: 1.15rem; margin: 2.5rem 0 .6rem }
h3 { font-size: .95rem; margin: 1.4rem 0 .2rem }
p { margin: .4rem 0; max-width: 46rem } .dim { color: var(--dim) }
a { color: var(--link) } a:focus-visible, pre:focus-visible { outline: 3px solid var(--link) }
code, pre { font: .875rem/1.5 ui-monospace, Menlo, Consolas, monospace }
pre { background: var(--soft); border: 1px solid var(--line); border-radius: .5rem;
  padding: .9rem 1rem; overflow-x: auto; margin: .6rem 0 }
.wide { overflow-x: auto }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; padding: .4rem .75rem .4rem 0; border-bottom: 1px solid var(--line);
  vertical-align: top }
th { font-size: .8rem; color: var(--dim); font-weight: 600 }
td.method { width: 4.5rem; font-weight: 600; color: var(--dim) }
td.status { width: 11rem }
td.small { width: 9.5rem }
"""
_HASH = b64encode(sha256(_STYLE.encode()).digest()).decode()
PAGE_POLICY = f"default-src 'none'; style-src 'sha256-{_HASH}'; frame-ancestors 'none'"
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Intelligent Orchestrator</title>
<style>{style}</style>
</head>
<body>
<main>
<h1>Intelligent Orchestrator</h1>
<p>A request in plain language becomes an approved deliverable: planned, done, scored, refined,
formatted for each channel, and shown to you. This server is running.</p>
<h2>What to type next</h2>
<p class="dim">In another terminal, in the same directory:</p>
<div class="wide"><table>
<thead><tr><th scope="col">command</th><th scope="col">what it does</th></tr></thead>
<tbody>
{steps}
</tbody>
</table></div>
<p class="dim">Or over HTTP, with any client:</p>
<pre tabindex="0"><code>{curl}</code></pre>
<h2>Newest tasks</h2>
{tasks}
<h2>Endpoints</h2>
<p>All of them, with schemas and examples, as OpenAPI: <a href="/openapi.json">/openapi.json</a>.
Errors are <code>application/problem+json</code> and name the field.</p>
{endpoints}
</main>
</body>
</html>
"""


def start_page(description: Json, settings: Settings, lately: Json) -> str:
    """The page, from the API's description and the newest tasks."""
    return _PAGE.format(
        style=_STYLE,
        curl=escape(_CURL.format(url=settings.url, request=REQUEST)),
        steps="\n".join(
            f"<tr><td><code>{escape(typed)}</code></td><td>{escape(what)}</td></tr>"
            for typed, what in _STEPS
        ),
        tasks=_tasks(lately["items"]),
        endpoints="\n".join(_group(tag, description) for tag in description["tags"]),
    )


def start_document(description: Json, settings: Settings, lately: Json) -> Json:
    """The same for programs."""
    return {
        "name": description["info"]["title"],
        "url": settings.url,
        "openapi": f"{settings.url}/openapi.json",
        "next": [{"type": typed, "what": what} for typed, what in _STEPS],
        "tasks": lately["items"],
        "endpoints": [
            {"method": method, "path": path, "summary": operation["summary"]}
            for method, path, operation in _operations(description)
        ],
    }


def _tasks(items: list[Json]) -> str:
    if not items:
        return "<p>None yet. The first line above makes one.</p>"
    rows = "\n".join(map(_task, items))
    heads = ("status", "task", "quality", "submitted (UTC)")
    return _table(heads, rows)


def _task(item: Json) -> str:
    score = "" if item["quality_score"] is None else f"{item['quality_score']:.2f}"
    moment = item["submitted_at"][:16].replace("T", " ")
    link = f"/api/orchestrator/status/{escape(item['task_id'])}"
    return (
        f'<tr><td class="status">{escape(item["status"].replace("_", " "))}</td>'
        f'<td><a href="{link}">{escape(_about(item))}</a></td>'
        f'<td class="small">{score}</td><td class="small">{escape(moment)}</td></tr>'
    )


def _about(item: Json) -> str:
    text = " ".join((item["request"] or item["title"]).split())
    return text if len(text) <= 90 else f"{text[:89].rstrip()}…"


def _group(tag: dict[str, str], description: Json) -> str:
    rows = "\n".join(
        f'<tr><td class="method">{method}</td><td><code>{_path(method, path)}</code></td>'
        f"<td>{escape(operation['summary'])}</td></tr>"
        for method, path, operation in _operations(description)
        if tag["name"] in operation["tags"]
    )
    head = f"<h3>{escape(tag['name'].capitalize())}</h3>"
    return f"{head}\n<p>{escape(tag['description'])}</p>\n" + _table(
        ("method", "path", "what"), rows
    )


def _path(method: str, path: str) -> str:
    """A path, as a link where it can be followed as it is."""
    is_whole = method == "GET" and "{" not in path
    return f'<a href="{escape(path)}">{escape(path)}</a>' if is_whole else escape(path)


def _table(heads: tuple[str, ...], rows: str) -> str:
    cells = "".join(f'<th scope="col">{head}</th>' for head in heads)
    return (
        f'<div class="wide"><table><thead><tr>{cells}</tr></thead>\n<tbody>\n{rows}\n</tbody>'
        "</table></div>"
    )


def _operations(description: Json) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method.upper(), path, operation)
        for path, operations in description["paths"].items()
        for method, operation in operations.items()
    ]
