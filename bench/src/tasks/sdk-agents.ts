import { defineAgent } from "@muster/agent/define-agent.ts";
import { formatId } from "@muster/domain/ids.ts";
import { agentUuid } from "../fleet.ts";

/** A process with many agents of the SDK, whose handlers do nothing but note when they began. */
const [url = "", first = "1", agents = "1"] = process.argv.slice(2);
const key = process.env["MUSTER_BENCH_KEY"] ?? "";

/** Of each task, when its handler began: milliseconds since 1970, to the microsecond. */
let begun: [taskId: string, at: number][] = [];
let active = 0;

process.on("disconnect", () => process.exit(0));
process.on("message", (message) => {
  if (message !== "take") return;
  process.send?.({ begun });
  begun = [];
});

for (let number = Number(first); number < Number(first) + Number(agents); number += 1) {
  const agent = defineAgent({
    name: `agent-${number}`,
    tasks: {
      work: ({ id }) => void begun.push([id, performance.timeOrigin + performance.now()]),
    },
    onActivate() {
      active += 1;
      if (active === Number(agents)) process.send?.({ active });
    },
  });
  const agentId = formatId("agent", agentUuid(number));
  void agent.run({ url, key, agentId, logLevel: "error", signal: new AbortController().signal });
}
