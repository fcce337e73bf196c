// An agent for the Intelligent Orchestrator in one file: Node 20 or newer, nothing to install.
// Copy it beside your program, add tools, call `run()`; see example.mjs.

import { setTimeout as sleep } from "node:timers/promises";

/** Throw it where work fails; `said`: is_retryable, is_uncertain, retry_after (seconds), progress. */
export class Failed extends Error {
  constructor(reason, said = {}) {
    super(reason);
    this.said = said;
  }
}

class Refused extends Error {
  constructor(status, why) {
    super(`${status} ${why}`);
    this.status = status;
    this.isFinal = status < 500 && status !== 429;
  }
}

export class Agent {
  constructor(name, types, options = {}) {
    const { url, token, concurrency = 1, lease = 60 } = options;
    Object.assign(this, { name, types, concurrency, lease });
    this.url = (url ?? process.env.ORCHESTRATOR_SERVER ?? "http://127.0.0.1:8000").replace(/\/$/, "");
    this.token = token ?? process.env.ORCHESTRATOR_TOKEN ?? "";
    this.tools = [];
    this.handlers = new Map();
    this.stopping = new AbortController();
    this.log = (text) => console.log(`${this.name}: ${text}`);
  }

  /** Offer a tool: `about` has description, input_schema, produces, is_repeatable, … */
  tool(toolId, about, handler) {
    this.tools.push({ tool_id: toolId, ...about });
    return this.action(toolId, handler);
  }

  /** Work on commands with this tool_id or action; "*" takes all others. */
  action(name, handler) {
    this.handlers.set(name, handler);
    return this;
  }

  /** Until Ctrl-C or SIGTERM; what is under way then is finished first. */
  async run() {
    for (const name of ["SIGINT", "SIGTERM"]) process.on(name, () => this.stopping.abort());
    const said = { agent_types: this.types, tools: this.tools, concurrency: this.concurrency };
    const working = Array.from({ length: this.concurrency }, () => this.#loop());
    while (!this.stopping.signal.aborted) {
      const isThere = await this.#try("PUT", `/api/agents/${this.name}`, said); // its sign of life
      await this.#pause(isThere ? 30 : 2);
    }
    await Promise.all(working);
    await this.call("DELETE", `/api/agents/${this.name}`).catch((error) => this.log(error.message));
  }

  /** One call of the API; throws Refused, or a TypeError where nobody answers. */
  async call(method, path, body, { wait = 0, signal } = {}) {
    const headers = { "Content-Type": "application/json", Prefer: `wait=${wait}` };
    if (this.token) headers.Authorization = `Bearer ${this.token}`;
    const limit = AbortSignal.timeout((wait + 30) * 1000);
    const answer = await fetch(this.url + path, {
      method,
      headers,
      body: body && JSON.stringify(body),
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
    const text = await answer.text();
    if (!answer.ok) throw new Refused(answer.status, text.slice(0, 500));
    return text ? JSON.parse(text) : {};
  }

  async #try(method, path, body, options) {
    try {
      return await this.call(method, path, body, options);
    } catch (error) {
      if (this.stopping.signal.aborted) return null;
      this.log(`${method} ${path}: ${error.message}`);
      if (error.isFinal) this.stopping.abort();
      return null;
    }
  }

  #pause = (seconds) => sleep(seconds * 1000, null, { signal: this.stopping.signal }).catch(() => {});

  async #loop() {
    const wanted = { agent: this.name, agent_types: this.types, lease_seconds: this.lease };
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const answer = await this.#try("POST", "/api/commands/claim", wanted, { wait: 20, signal });
      for (const command of answer?.items ?? []) await this.#work(command);
      if (!answer) await this.#pause(2);
    }
  }

  async #work(command) {
    const lost = new AbortController(); // handlers look at job.lost and stop when it is aborted
    const { payload, progress } = command;
    const job = { command, inputs: payload.inputs ?? payload, progress, key: "", lost: lost.signal };
    Object.assign(job, { cost: 0, usage: {}, leaseEnd: performance.now() + this.lease * 1000 });
    const beat = setInterval(() => this.#keepLease(job, lost), (this.lease * 1000) / 3);
    const started = performance.now();
    let report;
    try {
      report = ["result", { output: (await this.#handle(job)) ?? {} }];
    } catch (error) {
      // After the door nobody can know what has happened already.
      const said = error instanceof Failed ? error.said : { is_uncertain: job.key !== "" };
      report = ["error", { error: String(error.message ?? error).slice(0, 2000) || "failed", ...said }];
    }
    clearInterval(beat);
    const duration = (performance.now() - started) / 1000;
    const [what, said] = [report[0], { ...report[1], cost: job.cost, usage: job.usage, duration }];
    for (const pause of [1, 2, 4, 8, 16, 30, 30, 30, 0]) {
      if (job.lost.aborted) return;
      try {
        return void (await this.#tell(job, "PATCH", what, said));
      } catch (error) {
        this.log(`${command.command_id}: ${error.message}`);
        if (error.isFinal) return;
      }
      await sleep(pause * 1000);
    }
  }

  async #handle(job) {
    const { tool_id, action, kind, is_repeatable } = job.command;
    const handler = [tool_id, action, kind, "*"].map((n) => this.handlers.get(n)).find(Boolean);
    if (!handler) throw new Failed(`${this.name} cannot do ${tool_id ?? action}`, { is_retryable: false });
    if (!is_repeatable) {
      // Ask at the door; without a yes nothing is done.
      const asked = performance.now();
      const grant = await this.#tell(job, "POST", "grant", {});
      Object.assign(job, { key: grant.key, actBefore: asked + grant.seconds * 1000 });
    }
    return handler(job.inputs, job);
  }

  async #keepLease(job, lost) {
    const asked = performance.now();
    try {
      await this.#tell(job, "POST", "heartbeat", { lease_seconds: this.lease });
      job.leaseEnd = asked + this.lease * 1000;
    } catch (error) {
      const isOver = !job.key && performance.now() > job.leaseEnd;
      if (isOver || [404, 409].includes(error.status)) lost.abort();
    }
  }

  #tell(job, method, what, said) {
    const { command_id, attempt } = job.command;
    return this.call(method, `/api/commands/${command_id}/${what}`, { ...said, agent: this.name, attempt });
  }
}
