import { createHash } from "node:crypto";
import { Cohort } from "@muster/events/cohort.ts";
import type { Feed } from "@muster/events/feed.ts";
import { placeKey } from "@muster/events/feed-place.ts";
import type { EventSubscription } from "@muster/events/subscribe.ts";
import { audienceOf } from "@muster/operations/authorize.ts";
import { type DocumentNode, Kind, type ValidatedSubscriptionArgs, visit } from "graphql";
import type { RequestContext } from "../request-context.ts";
import type { Rendered } from "./live-sink.ts";
import type { Render } from "./render.ts";

/** What a cohort has in common. Equal only for subscriptions whose results are equal, byte for byte. */
export type CohortKey = string;

/** The cohorts of one process: a live subscription joins the one whose key it has, or founds it. */
export class Cohorts {
  readonly #feed: Feed;
  readonly #cohorts = new Map<CohortKey, Cohort<Rendered>>();

  constructor(feed: Feed) {
    this.#feed = feed;
  }

  /** How many there are, and how many subscriptions are in them. */
  get counts(): { readonly cohorts: number; readonly members: number } {
    let members = 0;
    for (const cohort of this.#cohorts.values()) members += cohort.size;
    return { cohorts: this.#cohorts.size, members };
  }

  /** The cohort with this key. Whoever asks has to join it at once. */
  of(asked: CohortKey, { place, filter }: EventSubscription, render: Render): Cohort<Rendered> {
    // Whoever asks for their own account asks with the same words as everybody else.
    const key = `${placeKey(place)} ${asked}`;
    const there = this.#cohorts.get(key);
    if (there) return there;
    const onEmpty = () => this.#cohorts.delete(key);
    const founded = new Cohort<Rendered>({ feed: this.#feed, place, filter, render, onEmpty });
    this.#cohorts.set(key, founded);
    return founded;
  }
}

/** The same document, variables except the one that says where to begin, and permissions. */
export function cohortKeyOf({
  document,
  operation,
  rawVariableValues,
  contextValue,
}: ValidatedSubscriptionArgs): CohortKey {
  const { text, beginnings } = describe(document);
  const variables = Object.entries(rawVariableValues ?? {}).filter(([name]) => !beginnings.has(name));
  const { caller } = contextValue as RequestContext;
  const parts = [audienceOf(caller), operation.name?.value ?? null, variables.toSorted(byName), text];
  return createHash("sha256").update(JSON.stringify(parts)).digest("base64");
}

interface Description {
  readonly text: string;
  /** Variables that say after which cursor to begin, and nothing else. */
  readonly beginnings: ReadonlySet<string>;
}

const descriptions = new WeakMap<DocumentNode, Description>();

function describe(document: DocumentNode): Description {
  const known = descriptions.get(document);
  if (known) return known;
  const uses = new Map<string, number>();
  const beginnings = new Set<string>();
  visit(document, {
    Variable: ({ name }) => void uses.set(name.value, (uses.get(name.value) ?? 0) + 1),
    OperationDefinition: ({ selectionSet }) => {
      for (const selection of selectionSet.selections) {
        for (const argument of (selection.kind === Kind.FIELD && selection.arguments) || []) {
          const { name, value } = argument;
          if (name.value === "after" && value.kind === Kind.VARIABLE) beginnings.add(value.name.value);
        }
      }
    },
  });
  // Its definition and that one use.
  for (const name of beginnings) if (uses.get(name) !== 2) beginnings.delete(name);
  const description = { text: document.loc?.source.body ?? "", beginnings };
  // A document without its text cannot be told from others.
  if (description.text === "") throw new TypeError("The document has to be parsed with locations.");
  descriptions.set(document, description);
  return description;
}

function byName([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
