"use client";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { Card } from "#components/card.tsx";
import { StateRibbon } from "#components/state-ribbon.tsx";
import { durationText } from "#components/time.tsx";
import { availability, shareText, stateShares, workAsOne } from "#features/agent/health/state-shares.ts";
import { AGENT_STATES } from "#lifecycles/agent-states.tsx";
import { AgentStateBadge } from "#lifecycles/state-badge.tsx";

const SharesFragment = graphql(`
  fragment DayShares on Agent {
    id
    stateSpans(since: $since, most: 2000) {
      from
      to
      complete
      folded
      spans {
        state
        from
        to
      }
    }
  }
`);

/** What the last day was made of: how much of it the agent was at work, and in which states. */
export function DayShares({ agent: masked }: { readonly agent: FragmentType<typeof SharesFragment> }) {
  const { from, to, complete, folded, spans: given } = readFragment(SharesFragment, masked).stateSpans;
  const spans = given.map((span) => ({ state: span.state, from: Date.parse(span.from), to: Date.parse(span.to) }));
  const shares = stateShares(spans);
  const available = availability(spans);
  const label = shares.map(({ state, share }) => `${AGENT_STATES[state].word} ${shareText(share)}`).join(", ");
  return (
    <Card role="region" aria-label="Last 24 hours" className="px-4 py-3">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <h2 className="font-[550]">Last 24 hours</h2>
        <p className="text-muted">
          {available === null ? (
            "It was not brought up yet."
          ) : (
            <>
              at work <span className="font-semibold text-ink tabular-nums">{shareText(available)}</span> of{" "}
              {durationText(Date.parse(to) - Date.parse(from))}
            </>
          )}
        </p>
      </div>
      <div className="mt-2">
        <StateRibbon spans={spans} from={Date.parse(from)} to={Date.parse(to)} label={label} height={14} />
      </div>
      <ul aria-label="States" className="mt-2.5 flex flex-wrap gap-x-6 gap-y-1">
        {(folded ? workAsOne(shares) : shares).map(({ state, share, milliseconds }) => (
          <li key={state} className="flex items-baseline gap-2">
            {state === null ? <span className="text-muted">At work</span> : <AgentStateBadge state={state} quiet />}
            <span className="tabular-nums">{shareText(share)}</span>
            <span className="text-faint tabular-nums">{durationText(milliseconds)}</span>
          </li>
        ))}
      </ul>
      {folded && (
        <p className="mt-1.5 text-sm text-faint">
          It moved too often for each move to be counted: a stretch of time counts as the worst that it was in it.
        </p>
      )}
      {!complete && (
        <p className="mt-1.5 text-sm text-faint">Retention has removed events of that time: some of it may be wrong.</p>
      )}
    </Card>
  );
}
