"use client";
import type { AgentState } from "#api/generated/graphql.ts";
import type { TimeRange } from "#features/agent/timeline/bar-window.ts";
import { historyText } from "#features/agent/timeline/history-text.ts";
import { clipped, type KnownSpan } from "#features/agent/timeline/known-spans.ts";
import { StateBar } from "#features/agent/timeline/state-bar.tsx";
import { useStateSpans } from "#features/agent/timeline/use-state-spans.ts";

interface SelectedHistoryProps {
  readonly agent: { readonly id: string; readonly name: string; readonly state: AgentState };
  readonly selected: TimeRange;
  /** Whether it goes on until now. */
  readonly open: boolean;
  /** Every span there is, when they are known already. */
  readonly known: readonly KnownSpan[] | null;
  readonly hidesIdle: boolean;
  readonly onSelect: (range: TimeRange) => void;
  readonly onChoose: (span: KnownSpan) => void;
}

/** The part of the bar that is selected, over the whole width: with spans that are too short for the bar above. */
export function SelectedHistory({ known, ...props }: SelectedHistoryProps) {
  return known === null ? <ReadHistory {...props} /> : <Closer {...props} spans={known} />;
}

function ReadHistory(props: Omit<SelectedHistoryProps, "known">) {
  const { agent, selected, open } = props;
  const since = new Date(selected.from).toISOString();
  const { spans } = useStateSpans(agent.id, since, open ? null : new Date(selected.to).toISOString());
  return <Closer {...props} spans={spans} />;
}

interface CloserProps extends Omit<SelectedHistoryProps, "known"> {
  readonly spans: readonly KnownSpan[];
}

function Closer({ agent, selected, spans, hidesIdle, onSelect, onChoose }: CloserProps) {
  const shown = clipped(spans, selected.from, selected.to).filter(({ state }) => !hidesIdle || state !== "IDLE");
  return (
    <StateBar
      spans={shown}
      window={selected}
      selected={null}
      name="Spans of the selection"
      label={historyText(agent, shown, "of what is selected")}
      height={30}
      onSelect={onSelect}
      onChoose={onChoose}
    />
  );
}
