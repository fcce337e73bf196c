// An agent made with the Node SDK, for the tests: the same as worker.py.

import { setTimeout as sleep } from "node:timers/promises";
import { Agent, Failed } from "../../../docs/agents/node/orchestrator-agent.mjs";

const agent = new Agent(process.argv[2], ["market_insight", "work"], { concurrency: 3, lease: 1.5 });

agent.action("market_insight.research", async () => {
  const said = `Northwind asks for more than we do, says ${agent.name}.`;
  return { findings: [said], facts: [], notes: ["asked elsewhere"], is_offline: true };
});

agent.action("flaky", async (_, job) => {
  if (job.command.attempt === 1) throw new Failed("busy", { retry_after: 0, progress: { done: 1 } });
  return { progress: job.progress };
});

agent.action("never", async () => {
  throw new Failed("no such thing", { is_retryable: false });
});

agent.action("bug", async (inputs) => ({ answer: inputs.missing.field }));

agent.action("send", async (_, job) => {
  job.cost = 0.5;
  return { key: job.key, has_time: job.actBefore > performance.now() };
});

agent.action("slow", async (_, job) => {
  console.log("begun");
  await sleep(2500);
  return { is_lost: job.lost.aborted };
});

agent.action("until_lost", async (_, job) => {
  await sleep(20000, null, { signal: job.lost }).catch(() => {});
  console.log(`stopped: ${job.lost.aborted ? "True" : "False"}`);
  return {};
});

await agent.run();
console.log("ended in order");
