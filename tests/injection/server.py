"""An MCP server on standard input and output that says what a file tells it to, however hostile.

python server.py FILE, which holds {"tools": […], "results": {NAME: {…}}}
"""

import json
import sys
from pathlib import Path
from typing import Any


def answer(message: dict[str, Any], script: dict[str, Any]) -> dict[str, Any]:
    """The answer to one request."""
    params = message.get("params") or {}
    match message["method"]:
        case "initialize":
            version = params["protocolVersion"]
            info = {"name": "scripted", "version": "1"}
            known = {"protocolVersion": version, "capabilities": {"tools": {}}, "serverInfo": info}
            return {"result": known}
        case "tools/list":
            return {"result": {"tools": script["tools"]}}
        case "tools/call":
            return {"result": script["results"][params["name"]]}
        case other:
            return {"error": {"code": -32601, "message": f"there is no method {other!r}"}}


def main() -> None:
    """Answer requests until standard input ends."""
    script = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    for line in sys.stdin:
        message = json.loads(line)
        if "id" in message and "method" in message:
            found = {"jsonrpc": "2.0", "id": message["id"], **answer(message, script)}
            sys.stdout.write(json.dumps(found) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
