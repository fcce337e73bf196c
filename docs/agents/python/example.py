"""Offers one tool that may be repeated and one that may not, and works on both."""

import os

from orchestrator_agent import Agent, Failed, Job

# Each process has a name of its own; the types say whose work it takes.
agent = Agent(f"weather-{os.getpid()}", "weather", concurrency=2)
SKIES = {"rome": ("sunny", 24), "oslo": ("rain", 9)}


@agent.tool(
    "weather.forecast",
    description="The weather of tomorrow in a city.",
    input_schema={
        "type": "object",
        "properties": {"city": {"type": "string"}},
        "required": ["city"],
    },
    produces=["forecast"],
    is_repeatable=True,
)
def forecast(inputs: dict, job: Job) -> dict:
    """Any exception is a failed attempt that is tried again, unless it says otherwise."""
    found = SKIES.get(str(inputs.get("city", "")).lower())
    if found is None:
        raise Failed(f"no forecast for {inputs.get('city')!r}", is_retryable=False)
    sky, degrees = found
    return {"forecast": {"city": inputs["city"], "sky": sky, "degrees": degrees}}


@agent.tool("weather.warn", description="Sends a storm warning to a city.", is_repeatable=False)
def warn(inputs: dict, job: Job) -> dict:
    """It runs only after the door, once. `job.key` goes along where a service takes such a key."""
    print(f"WARNING for {inputs.get('city')} (key {job.key})", flush=True)
    return {"sent_to": inputs.get("city"), "key": job.key}


if __name__ == "__main__":
    agent.run()
