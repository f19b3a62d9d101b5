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
import { MoveFragment } from "#features/fleet/fleet-activity.ts";
import { FleetTaskFragment } from "#features/fleet/fleet-task.ts";

/** What is known of an agent's last minutes. */
export interface AgentActivity {
  readonly transitions: readonly Transition[];
  /** How it came to its state. Of those at work it is not looked up. */
  readonly arrival?: Arrival | undefined;
  /** Its tasks as events told of them, oldest first. */
  readonly tasks: readonly FleetTask[];
}
export const NO_ACTIVITY: AgentActivity = { transitions: [], tasks: [] };

export type ActivityEvent = EventOf<FleetActivityFeedSubscription>;

/** What an answer says of each agent. */
export function activityIn(answer: FleetActivityQuery | undefined): Map<string, AgentActivity> {
  const activity = new Map<string, AgentActivity>();
  for (const { node } of answer?.project?.agents.edges ?? []) {
    const transitions = node.timeline.edges.flatMap(({ node: event }) =>
      event.__typename === "AgentTransitioned" ? [readFragment(MoveFragment, event)] : [],
    );
    activity.set(node.id, { transitions, tasks: [] });
  }
  for (const { node } of answer?.project?.resting.edges ?? []) {
    const event = node.arrival.edges[0]?.node;
    if (event?.__typename !== "AgentTransitioned") continue;
    activity.set(node.id, { ...(activity.get(node.id) ?? NO_ACTIVITY), arrival: readFragment(ArrivalFragment, event) });
  }
  return activity;
}

/** Adds an event to its agent's activity; that of all others stays the very same, so that their rows need not be drawn. */
export function addEvent(activity: Map<string, AgentActivity>, event: ActivityEvent): void {
  if (event.__typename === "AgentTransitioned" && event.agent) {
    const known = activity.get(event.agent.id) ?? NO_ACTIVITY;
    activity.set(event.agent.id, {
      ...known,
      transitions: [...known.transitions, readFragment(MoveFragment, event)],
      arrival: readFragment(ArrivalFragment, event),
    });
  } else if (event.__typename === "TaskTransitioned" && event.agent && event.task) {
    const known = activity.get(event.agent.id) ?? NO_ACTIVITY;
    activity.set(event.agent.id, { ...known, tasks: [...known.tasks, readFragment(FleetTaskFragment, event.task)] });
  }
}
