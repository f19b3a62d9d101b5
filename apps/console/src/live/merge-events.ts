/** What an event needs to find its place. */
export interface PlacedEvent {
  readonly id: string;
}

/** Lists of events put together, each event once, the newest first. Ids are `event_` and a number that rises. */
export function newestFirst<Event extends PlacedEvent>(...lists: readonly (readonly Event[])[]): Event[] {
  const byNumber = new Map<number, Event>();
  for (const list of lists) for (const event of list) byNumber.set(eventNumber(event), event);
  return [...byNumber.entries()].sort(([one], [other]) => other - one).map(([, event]) => event);
}

/** The number in an event's id; later events have higher ones. */
export function eventNumber({ id }: PlacedEvent): number {
  return Number(id.slice(id.lastIndexOf("_") + 1));
}
