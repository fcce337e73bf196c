"""The page at `/` until there is a web interface: what is served here, and what to type next."""

from html import escape

from fastapi import FastAPI
from fastapi.routing import APIRoute

from api.settings import Settings

_EXAMPLE = """curl -s {url}/api/orchestrator/process -H 'Content-Type: application/json' -d '{{
  "request": "Create a LinkedIn post about our Q4 growth metrics",
  "business_metrics": {{"revenue_monthly": 150000, "customer_count": 320}},
  "preferences": {{"tone": "professional", "channels": ["linkedin"]}}
}}'"""


def start_page(app: FastAPI, settings: Settings) -> str:
    """A plain page without scripts or styles."""
    routes = [
        route for route in app.routes if isinstance(route, APIRoute) and route.include_in_schema
    ]
    rows = "\n".join(
        f"<tr><td><code>{'/'.join(sorted(route.methods or ()))}</code></td>"
        f"<td><code>{escape(route.path)}</code></td><td>{escape((route.description or '').splitlines()[0] if route.description else '')}</td></tr>"
        for route in routes
    )
    example = escape(_EXAMPLE.format(url=settings.url))
    return f"""<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Intelligent Orchestrator</title></head>
<body>
<main>
<h1>Intelligent Orchestrator</h1>
<p>A request in plain language becomes an approved deliverable. The server is running; send it one:</p>
<pre><code>{example}</code></pre>
<p>In another terminal: <code>orchestrator list</code>, <code>orchestrator watch ID</code>,
<code>orchestrator approve ID</code>. The whole interface as OpenAPI: <a href="/openapi.json">/openapi.json</a>.</p>
<h2>Endpoints</h2>
<table><thead><tr><th>method</th><th>path</th><th>what</th></tr></thead><tbody>
{rows}
</tbody></table>
</main>
</body>
</html>"""
