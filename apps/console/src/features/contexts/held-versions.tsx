import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { numberRanges } from "#features/contexts/number-ranges.ts";

const HeldFragment = graphql(`
  fragment HeldVersions on Context {
    held: versions(first: 50, heldOnly: true) {
      totalCount
      totalIsCapped
      edges {
        node {
          id
          number
        }
      }
    }
  }
`);

/** Which versions may not be written again. */
export function HeldVersions({ context }: { readonly context: FragmentType<typeof HeldFragment> }) {
  const { edges, totalCount, totalIsCapped } = readFragment(HeldFragment, context).held;
  if (edges.length === 0) return null;
  const more = totalCount - edges.length;
  return (
    <p className="tabular-nums">
      {numberRanges(edges.map(({ node }) => node.number))}
      {more > 0 && ` and ${totalIsCapped ? "more than " : ""}${more.toLocaleString("en")} older ones`}
      {totalCount === 1 ? " is" : " are"} held: nobody writes the same data again unnoticed.
    </p>
  );
}
