import { readFragment } from "#api/generated/fragment-masking.ts";
import type {
  FleetActivityFeedSubscription,
  FleetActivityQuery,
  FleetArrivalFragment as Arrival,
  FleetTaskFragment as FleetTask,
} from "#api/generated/graphql.ts";
import type { EventOf } from "@muster/client/frames.ts";
import type { Transition } from "#components/state-spans.ts";
import { ArrivalFragment } from "#features/fleet/agent-stay.ts";
import { MoveFragment, WorkFragment } from "#features/fleet/fleet-activity.ts";
import { FleetTaskFragment } from "#features/fleet/fleet-task.ts";

/** What is known of an agent's last minutes. */
export interface AgentActivity {
  readonly transitions: readonly Transition[];
  /** How it came to its state. Of those at work it is not looked up. */
  readonly arrival?: Arrival | undefined;
  /** Its tasks as answers and events told of them, oldest first. */
  readonly tasks: readonly FleetTask[];
}

export type ActivityEvent = EventOf<FleetActivityFeedSubscription>;
type Project = NonNullable<FleetActivityQuery["project"]>;
type Answered = Project["agents"]["edges"][number]["node"];
type Resting = Project["resting"]["edges"][number]["node"];

/** What an agent's activity was made of: as long as that is the same, so is the activity, and its row need not be drawn. */
interface Source {
  readonly node: Answered | undefined;
  readonly resting: Resting | undefined;
  readonly events: readonly ActivityEvent[];
  readonly activity: AgentActivity;
}
export type ActivitySources = ReadonlyMap<string, Source>;

const NO_EVENTS: readonly ActivityEvent[] = [];

/** What is known of each agent from an answer and the events after it; agents of which nothing is new keep what they had. */
export function activitySources(
  before: ActivitySources,
  answer: FleetActivityQuery | undefined,
  events: readonly ActivityEvent[],
): ActivitySources {
  const nodes = new Map(answer?.project?.agents.edges.map(({ node }) => [node.id, node]));
  const resting = new Map(answer?.project?.resting.edges.map(({ node }) => [node.id, node]));
  const byAgent = Map.groupBy(events, (event) => agentOf(event) ?? "");
  const ids = new Set([...nodes.keys(), ...resting.keys(), ...byAgent.keys()]);
  ids.delete("");
  const sources = new Map<string, Source>();
  for (const id of ids) {
    const known = before.get(id);
    const own = byAgent.get(id) ?? NO_EVENTS;
    const [node, rest] = [nodes.get(id), resting.get(id)];
    const same =
      known?.node === node &&
      known?.resting === rest &&
      known?.events.length === own.length &&
      known.events[0] === own[0];
    sources.set(
      id,
      known && same ? known : { node, resting: rest, events: own, activity: activityOf(node, rest, own) },
    );
  }
  return sources;
}

function agentOf(event: ActivityEvent): string | undefined {
  if (event.__typename !== "AgentTransitioned" && event.__typename !== "TaskTransitioned") return undefined;
  return event.agent?.id;
}

function activityOf(
  node: Answered | undefined,
  resting: Resting | undefined,
  events: readonly ActivityEvent[],
): AgentActivity {
  const transitions: Transition[] = [];
  const tasks: FleetTask[] = [];
  let arrival: Arrival | undefined;
  for (const { node: event } of node?.timeline.edges ?? []) {
    if (event.__typename === "AgentTransitioned") transitions.push(readFragment(MoveFragment, event));
  }
  const work = node && readFragment(WorkFragment, node);
  for (const { node: task } of [...(work?.newest.edges ?? []), ...(work?.held.edges ?? [])]) {
    tasks.push(readFragment(FleetTaskFragment, task));
  }
  const arrived = resting?.arrival.edges[0]?.node;
  if (arrived?.__typename === "AgentTransitioned") arrival = readFragment(ArrivalFragment, arrived);
  for (const event of events) {
    if (event.__typename === "AgentTransitioned") {
      transitions.push(readFragment(MoveFragment, event));
      arrival = readFragment(ArrivalFragment, event);
    } else if (event.__typename === "TaskTransitioned" && event.task) {
      tasks.push(readFragment(FleetTaskFragment, event.task));
    }
  }
  return { transitions, arrival, tasks };
}
