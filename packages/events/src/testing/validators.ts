/** An event as the log has it after everything has ended. */
export interface LoggedFact {
  /** Decimal. */
  readonly id: string;
  readonly xid: string;
  readonly subjectId: string;
  readonly subjectVersion: number;
}

/** What the validators read of a frame. It fits those of `subscribe` and those that clients get over a socket alike. */
export type RecordedFrame =
  | {
      readonly kind: "EventDelivery";
      readonly event: { readonly id: string; readonly subjectId: string; readonly subjectVersion: number };
    }
  | { readonly kind: "Bookmark"; readonly caughtUp: boolean }
  | { readonly kind: "ResyncRequired" };

/** What one client got, in the order in which it got it, over all its connections. */
export type History = readonly RecordedFrame[];

/** Each validator says what is wrong with a history, in words; nothing when its guarantee held. */
export type Violations = string[];

/** Nothing is lost: everything in the log was delivered. And nothing that is not in the log. */
export function reliable(log: readonly LoggedFact[], history: History): Violations {
  const delivered = new Set(eventsOf(history).map((event) => event.id));
  const logged = new Set(log.map((fact) => fact.id));
  return [
    ...log.filter((fact) => !delivered.has(fact.id)).map((fact) => `lost event ${fact.id} of transaction ${fact.xid}`),
    ...[...delivered].filter((id) => !logged.has(id)).map((id) => `delivered event ${id}, which is not in the log`),
  ];
}

/** Nothing comes twice, also across connections. */
export function unique(history: History): Violations {
  const seen = new Set<string>();
  return eventsOf(history).flatMap(({ id }) =>
    seen.size === seen.add(id).size ? [`delivered event ${id} twice`] : [],
  );
}

/** Each subject's events come in the order of its versions; several may tell of one. */
export function ordered(history: History): Violations {
  const versions = new Map<string, number>();
  return eventsOf(history).flatMap(({ subjectId, subjectVersion }) => {
    const before = versions.get(subjectId) ?? 0;
    versions.set(subjectId, subjectVersion);
    return subjectVersion >= before ? [] : [`delivered version ${subjectVersion} of ${subjectId} after ${before}`];
  });
}

/** At a bookmark, everything delivered so far is whole transactions. */
export function atomic(log: readonly LoggedFact[], history: History): Violations {
  const transactions = new Map<string, Set<string>>();
  const transactionOf = new Map<string, string>();
  for (const { xid, id } of log) {
    transactions.set(xid, (transactions.get(xid) ?? new Set()).add(id));
    transactionOf.set(id, xid);
  }
  const sizes = new Map([...transactions].map(([xid, ids]) => [xid, ids.size]));
  const broken = new Set<string>();
  const violations: Violations = [];
  for (const frame of history) {
    if (frame.kind === "Bookmark") violations.push(...[...broken].map((xid) => `bookmark inside transaction ${xid}`));
    if (frame.kind !== "EventDelivery") continue;
    const xid = transactionOf.get(frame.event.id);
    if (xid === undefined) continue;
    const missing = transactions.get(xid);
    missing?.delete(frame.event.id);
    const left = missing?.size ?? 0;
    if (left > 0 && left < (sizes.get(xid) ?? 0)) broken.add(xid);
    else broken.delete(xid);
  }
  return violations;
}

/** A history that was cut after any frame and continued from that frame's cursor is as good as one that was not cut. */
export function resumable(log: readonly LoggedFact[], before: History, continued: History): Violations {
  const joined = [...before, ...continued];
  return [...reliable(log, joined), ...unique(joined), ...ordered(joined), ...atomic(log, joined)];
}

/**
 * One connection, with its frames' times in milliseconds: a bookmark turns `caughtUp` true once and for ever; frames keep
 * coming, at the least every `mostMs`.
 */
export function bookmarked(
  connection: readonly { readonly at: number; readonly frame: RecordedFrame }[],
  mostMs: number,
): Violations {
  const caughtUp = connection.flatMap(({ frame }) => (frame.kind === "Bookmark" ? [frame.caughtUp] : []));
  const turned = caughtUp.indexOf(true);
  const gaps = connection.map(({ at }, index) => at - (connection[index - 1]?.at ?? at));
  return [
    ...(turned >= 0 && caughtUp.slice(turned).includes(false) ? ["caughtUp turned false again"] : []),
    ...gaps.filter((gap) => gap > mostMs).map((gap) => `nothing for ${Math.round(gap)} ms`),
  ];
}

function eventsOf(history: History) {
  return history.flatMap((frame) => (frame.kind === "EventDelivery" ? [frame.event] : []));
}
