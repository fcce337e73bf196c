"""The process that serves the local model: `python -m agents.models.local_server`.

Reads one line from standard input (the weights' path and the key to ask for), answers one line with
its address, and ends when its standard input is closed, which also happens when its parent dies.
"""

import json
import os
import sys
from importlib import import_module
from typing import Any

CONTEXT, AT_ONCE = 8_192, 1  # tokens; answers at the same time: more would only share the cores
QUIET = -1


def main() -> None:
    """Serve until nobody holds our standard input."""
    given = json.loads(sys.stdin.readline())
    # Its own words go nowhere, so that they never mix with our line.
    ours = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    server = _served(given["weights"], given["key"])
    os.write(ours, json.dumps({"url": server.listening_address}).encode() + b"\n")
    sys.stdin.read()
    os._exit(0)  # an answer under way must not keep it alive


def _served(weights: str, key: str) -> Any:
    xllamacpp = import_module("xllamacpp")  # an extra, published without types
    parameters = xllamacpp.CommonParams()
    parameters.model.path = weights
    parameters.model_alias = ["smollm2-135m"]
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = 0
    parameters.api_keys = [key]
    parameters.n_ctx = CONTEXT
    parameters.n_parallel = AT_ONCE
    parameters.ui = False
    parameters.verbosity = QUIET
    # Threads wait for each other at every token: on a machine that is busy, fewer are faster.
    parameters.cpuparams.n_threads = max(1, min(4, (os.cpu_count() or 1) // 2))
    return xllamacpp.Server(parameters)


if __name__ == "__main__":
    main()
