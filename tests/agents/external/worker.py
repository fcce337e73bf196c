"""An agent made with the Python SDK, for the tests: it does steps of plans, fails, asks at the
door, takes long, and stops when it has lost its lease."""

import sys
import time

from orchestrator_agent import Agent, Failed, Job

agent = Agent(sys.argv[1], "market_insight", "work", concurrency=3, lease=1.5)


@agent.action("market_insight.research")
def research(inputs: dict, job: Job) -> dict:
    said = f"Northwind asks for more than we do, says {agent.name}."
    return {"findings": [said], "facts": [], "notes": ["asked elsewhere"], "is_offline": True}


@agent.action("flaky")
def flaky(inputs: dict, job: Job) -> dict:
    if job.command["attempt"] == 1:
        raise Failed("busy", retry_after=0, progress={"done": 1})
    return {"progress": job.progress}


@agent.action("never")
def never(inputs: dict, job: Job) -> dict:
    raise Failed("no such thing", is_retryable=False)


@agent.action("bug")
def bug(inputs: dict, job: Job) -> dict:
    return {"answer": inputs["not there"]}


@agent.action("send")
def send(inputs: dict, job: Job) -> dict:
    job.cost = 0.5
    return {"key": job.key, "has_time": job.act_before > time.monotonic()}


@agent.action("slow")
def slow(inputs: dict, job: Job) -> dict:
    print("begun", flush=True)
    time.sleep(2.5)
    return {"is_lost": job.lost.is_set()}


@agent.action("until_lost")
def until_lost(inputs: dict, job: Job) -> dict:
    is_lost = job.lost.wait(20)
    print(f"stopped: {is_lost}", flush=True)
    return {}


agent.run()
print("ended in order", flush=True)
