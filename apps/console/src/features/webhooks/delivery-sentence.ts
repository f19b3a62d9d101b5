import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { EventFragment } from "#events/event-fragment.ts";
import { eventSentence } from "#events/event-words.ts";

interface Delivery {
  readonly type: string;
  readonly event: FragmentType<typeof EventFragment> | null;
}

const NOTICES = new Map([
  ["muster.test", "A test"],
  ["muster.resync_required", "Says that events are missing: the log no longer had them"],
]);

/** What a delivery tells its receiver. */
export function deliverySentence({ type, event }: Delivery): string {
  const told = readFragment(EventFragment, event);
  if (told) return eventSentence(told, { whose: true });
  return NOTICES.get(type) ?? "The log no longer has this event";
}
