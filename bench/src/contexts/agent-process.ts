import { defineAgent } from "@muster/agent/define-agent.ts";
import { formatId } from "@muster/domain/ids.ts";
import { agentUuid } from "../fleet.ts";

/** A process with one agent of the SDK that uses contexts of its project, as an agent does: it keeps their data and takes over what changes. */
const [url = "", number = "1", ...names] = process.argv.slice(2);
const key = process.env["MUSTER_BENCH_KEY"] ?? "";
const known = new Map<string, unknown>();

process.on("disconnect", () => process.exit(0));

const agent = defineAgent({
  name: `agent-${number}`,
  tasks: { work: () => {} },
  async onActivate({ contexts }) {
    for (const name of names) {
      const context = await contexts.open(name, { shared: true });
      known.set(context.id, (await context.read()).data);
    }
    process.send?.({ active: true });
  },
  onContextChanged({ context, data }) {
    known.set(context.id, data);
  },
});
await agent.run({
  url,
  key,
  agentId: formatId("agent", agentUuid(Number(number))),
  logLevel: "error",
  signal: new AbortController().signal,
});
