"use client";
import { useState } from "react";
import { Button } from "#components/button.tsx";
import { Dialog } from "#components/dialog.tsx";
import { SelectField } from "#components/select-field.tsx";
import { TextField } from "#components/text-field.tsx";
import type { EventsViewControl } from "#events/filter/use-events-view.ts";
import { localTime, timeOf } from "#components/local-time.ts";

const AGO = {
  "15": "Since 15 minutes",
  "60": "Since 1 hour",
  "360": "Since 6 hours",
  "1440": "Since 24 hours",
  "10080": "Since 7 days",
} as const;
const OPTIONS = { any: "At any time", ...AGO, between: "Between…", chosen: "At a chosen time" } as const;
type Option = keyof typeof OPTIONS;

/** From when to when: one of a few, or any two times. */
export function TimeChoice({
  control: { view, change },
}: {
  readonly control: Pick<EventsViewControl, "view" | "change">;
}) {
  const [asking, setAsking] = useState(false);
  const isChosen = view.from !== undefined || view.to !== undefined;
  const { chosen, ...others } = OPTIONS;
  const choose = (option: Option) => {
    if (option === "between") setAsking(true);
    else if (option === "any") change({ from: undefined, to: undefined });
    else if (option !== "chosen") {
      change({ from: new Date(Date.now() - Number(option) * 60_000).toISOString(), to: undefined });
    }
  };
  return (
    <>
      <div className="w-40">
        <SelectField<Option>
          label="When"
          labelHidden
          options={(isChosen ? { chosen, ...others } : others) as typeof OPTIONS}
          value={isChosen ? "chosen" : "any"}
          onChange={choose}
        />
      </div>
      {asking && (
        <Between
          from={view.from}
          to={view.to}
          onClose={() => setAsking(false)}
          onChoose={(from, to) => {
            setAsking(false);
            change({ from, to });
          }}
        />
      )}
    </>
  );
}

interface BetweenProps {
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly onClose: () => void;
  readonly onChoose: (from: string | undefined, to: string | undefined) => void;
}

function Between({ from, to, onClose, onChoose }: BetweenProps) {
  const [begin, setBegin] = useState(() => localTime(from === undefined ? Date.now() - 3_600_000 : Date.parse(from)));
  const [end, setEnd] = useState(() => (to === undefined ? "" : localTime(Date.parse(to))));
  const [since, until] = [timeOf(begin), timeOf(end)];
  const problem = since !== null && until !== null && since >= until ? "It has to be later than the first." : undefined;
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title="Events between two times">
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (problem === undefined) onChoose(since ?? undefined, until ?? undefined);
        }}
      >
        <TextField label="From" type="datetime-local" step={1} value={begin} onChange={setBegin} />
        <TextField
          label="Until"
          type="datetime-local"
          step={1}
          value={end}
          onChange={setEnd}
          hint="Empty: until now, and on."
          problem={problem}
        />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" disabled={problem !== undefined}>
            Show
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
