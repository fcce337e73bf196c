"""LiteLLM's own complexity heuristic, in a process of its own because the library takes seconds
and megabytes: reads a JSON list of prompts from standard input, writes their tiers and scores.
"""

import json
import os
import sys


def main() -> None:
    """Score what comes in with the library's class and its default configuration."""
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    os.environ["LITELLM_MODE"] = "PRODUCTION"
    from litellm.router_strategy.complexity_router.complexity_router import ComplexityRouter

    router = ComplexityRouter(
        model_name="benchmark",
        litellm_router_instance=None,  # type: ignore[arg-type]  # scoring asks no model
        derive_savings_baseline=False,
    )
    json.dump([router.classify(prompt)[:2] for prompt in json.load(sys.stdin)], sys.stdout)


if __name__ == "__main__":
    main()
