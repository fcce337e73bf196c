"""The page at `/` until there is a web interface: what is served here, and what to type next."""

from html import escape

from fastapi import FastAPI

from api.settings import Settings

_EXAMPLE = """curl -s {url}/api/orchestrator/process -H 'Content-Type: application/json' -d '{{
  "request": "Create a LinkedIn post about our Q4 growth metrics",
  "business_metrics": {{"revenue_monthly": 150000, "customer_count": 320}},
  "preferences": {{"tone": "professional", "channels": ["linkedin"]}}
}}'"""


_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Intelligent Orchestrator</title>
</head>
<body>
<main>
<h1>Intelligent Orchestrator</h1>
<p>A request in plain language becomes an approved deliverable. This server is running.</p>
<pre><code>{example}</code></pre>
<p>In another terminal: <code>orchestrator list</code>, <code>orchestrator watch ID</code>,
<code>orchestrator approve ID</code>.</p>
<p>All of it as OpenAPI: <a href="/openapi.json">/openapi.json</a>.</p>
<h2>Endpoints</h2>
<table>
<thead><tr>
<th scope="col">method</th><th scope="col">path</th><th scope="col">what</th>
</tr></thead>
<tbody>
{rows}
</tbody>
</table>
</main>
</body>
</html>"""


def start_page(app: FastAPI, settings: Settings) -> str:
    """A plain page without scripts or styles."""
    rows = [
        f"<tr><td>{method}</td><td><code>{escape(path)}</code></td><td>{escape(what)}</td></tr>"
        for path, methods in app.openapi()["paths"].items()
        for method, what in ((m.upper(), _first_line(o)) for m, o in methods.items())
    ]
    return _PAGE.format(example=escape(_EXAMPLE.format(url=settings.url)), rows="\n".join(rows))


def _first_line(operation: dict[str, str]) -> str:
    return (operation.get("description") or operation.get("summary") or "").split("\n")[0]
