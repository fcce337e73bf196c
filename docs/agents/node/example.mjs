// Offers one tool that may be repeated and one that may not, and works on both.

import { Agent, Failed } from "./orchestrator-agent.mjs";

// Each process has a name of its own; the types say whose work it takes.
const agent = new Agent(`weather-${process.pid}`, ["weather"], { concurrency: 2 });
const skies = new Map([["rome", ["sunny", 24]], ["oslo", ["rain", 9]]]);

agent.tool(
  "weather.forecast",
  {
    description: "The weather of tomorrow in a city.",
    input_schema: {
      type: "object",
      properties: { city: { type: "string" } },
      required: ["city"],
    },
    produces: ["forecast"],
    is_repeatable: true,
  },
  async ({ city }) => {
    const found = skies.get(String(city ?? "").toLowerCase());
    if (!found) throw new Failed(`no forecast for ${city}`, { is_retryable: false });
    return { forecast: { city, sky: found[0], degrees: found[1] } };
  },
);

agent.tool(
  "weather.warn",
  { description: "Sends a storm warning to a city.", is_repeatable: false },
  async ({ city }, job) => {
    // It runs only after the door, once. The key goes along where a service takes such a key.
    console.log(`WARNING for ${city} (key ${job.key})`);
    return { sent_to: city, key: job.key };
  },
);

await agent.run();
