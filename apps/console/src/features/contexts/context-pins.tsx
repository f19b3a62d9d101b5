"use client";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { numberText } from "#components/number-text.ts";
import { useContextView, ViewLink } from "#features/contexts/context-view.tsx";

const PinsFragment = graphql(`
  fragment ContextPins on Context {
    id
    pins {
      name
      number
    }
  }
`);

/** The names after the first few are found in the list. */
const MOST_SHOWN = 3;

/** The versions that have names: the newest of them, and the way to all. */
export function ContextPins({ context }: { readonly context: FragmentType<typeof PinsFragment> }) {
  const { view } = useContextView();
  const { pins } = readFragment(PinsFragment, context);
  if (pins.length === 0) return null;
  const newest = pins.toReversed().slice(0, MOST_SHOWN);
  return (
    <span>
      pinned:{" "}
      {newest.map(({ name, number }, index) => (
        <span key={name}>
          {index > 0 && ", "}
          <ViewLink
            to={{ version: number }}
            title={`Version ${number}`}
            className="text-ink underline decoration-line-strong underline-offset-2 hover:text-accent"
          >
            {name} <span className="text-muted tabular-nums">({number})</span>
          </ViewLink>
        </span>
      ))}
      {pins.length > MOST_SHOWN && (
        <>
          {" "}
          and{" "}
          <ViewLink
            to={{ ...view, only: "pinned" }}
            className="text-ink underline decoration-line-strong underline-offset-2"
          >
            {numberText(pins.length - MOST_SHOWN)} more
          </ViewLink>
        </>
      )}
    </span>
  );
}
