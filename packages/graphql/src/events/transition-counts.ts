import { countTransitions } from "@muster/operations/events/transition-counts.ts";
import { agentFilterOf, AgentFilterType } from "../agents/agent-lists.ts";
import { builder } from "../builder.ts";
import { nestedField } from "../nested-list.ts";
import { ProjectType } from "../projects/project.ts";

interface Counting {
  readonly from: Date;
  readonly to: Date;
  readonly buckets: number;
  readonly filter?: typeof AgentFilterType.$inferInput | null | undefined;
}

const transitionCountsOf = nestedField(({ runtime, caller }, projectIds, { filter, ...range }: Counting) =>
  countTransitions(runtime, caller, projectIds, range, agentFilterOf(filter)),
);

builder.objectField(ProjectType, "transitionCounts", (t) =>
  t.intList({
    permission: "event.read",
    description:
      "How often its agents moved in each slice of a time, the oldest first. Of the 10,000 agents that moved last, where there are more.",
    args: {
      from: t.arg({ type: "DateTime", required: true, description: "When the first slice begins." }),
      to: t.arg({ type: "DateTime", required: true, description: "When the last slice ends: later than from." }),
      buckets: t.arg.int({ required: true, description: "In how many slices of one length: at most 100." }),
      filter: t.arg({ type: AgentFilterType, description: "Of which agents, by what they are now." }),
    },
    complexity: 20,
    resolve: ({ id }, counting, context) => transitionCountsOf(id, counting, context),
  }),
);
