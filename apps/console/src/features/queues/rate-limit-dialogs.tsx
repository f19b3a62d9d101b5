"use client";
import { type SyntheticEvent, useState } from "react";
import { useMutation } from "urql";
import { graphql } from "#api/generated/gql.ts";
import { refusalOf } from "#api/refusal.ts";
import { Button } from "#components/button.tsx";
import { Dialog } from "#components/dialog.tsx";
import { notify } from "#components/notify.ts";
import { Problem } from "#components/notice.tsx";
import { SelectField } from "#components/select-field.tsx";
import { TextField } from "#components/text-field.tsx";
import { countText } from "#features/queues/depth-words.ts";

const SetLimit = graphql(`
  mutation SetRateLimit($input: SetRateLimitInput!) {
    setRateLimit(input: $input) {
      __typename
      ... on SetRateLimitSuccess {
        data {
          ...RateLimitFacts
        }
      }
      ... on Error {
        code
        message
      }
    }
  }
`);

const DeleteLimit = graphql(`
  mutation DeleteRateLimit($input: DeleteRateLimitInput!) {
    deleteRateLimit(input: $input) {
      __typename
      ... on Error {
        code
        message
      }
    }
  }
`);

/** Periods by their length in milliseconds. */
const PERIODS = { 1000: "second", 60000: "minute", 3600000: "hour", 86400000: "day" } as const;
type Period = `${keyof typeof PERIODS}`;
const PERIOD_NAMES = PERIODS as Readonly<Record<Period, string>>;

interface Present {
  readonly key: string;
  readonly max: number;
  readonly periodMs: number;
  readonly version: number;
}

interface SetRateLimitProps {
  readonly projectId: string;
  /** The one that is changed; null: a new one. */
  readonly present: Present | null;
  readonly onClose: () => void;
}

/** Makes a rate limit, or changes one. */
export function SetRateLimit({ projectId, present, onClose }: SetRateLimitProps) {
  const [, send] = useMutation(SetLimit);
  const [opened] = useState(present);
  const [key, setKey] = useState(opened?.key ?? "");
  const [max, setMax] = useState(String(opened?.max ?? 10));
  const unit = (Object.keys(PERIODS) as Period[])
    .toReversed()
    .find((one) => (opened?.periodMs ?? 60_000) % Number(one) === 0);
  const [period, setPeriod] = useState<Period>(unit ?? "1000");
  const [times, setTimes] = useState(String((opened?.periodMs ?? 60_000) / Number(unit ?? 1_000)));
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    const { data, error } = await send({
      input: {
        projectId,
        key,
        max: Math.round(Number(max)),
        periodMs: Math.round(Number(times) * Number(period)),
        expectedVersion: opened?.version ?? 0,
      },
    });
    setBusy(false);
    const result = data?.setRateLimit;
    if (result?.__typename !== "SetRateLimitSuccess") return setProblem(refusalOf(result, error));
    notify({ title: `Rate limit ${key} is ${opened === null ? "set" : "changed"}` });
    return onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={(next) => !next && onClose()}
      title={opened === null ? "Set rate limit" : `Change rate limit ${opened.key}`}
      description="How many tasks that name its key are handed out in a period; the places come back evenly."
    >
      <form onSubmit={(event) => void submit(event)} className="grid gap-4">
        {opened === null && (
          <TextField
            label="Key"
            value={key}
            onChange={setKey}
            hint="What tasks name as their rateLimitKey."
            maxLength={255}
            required
            mono
          />
        )}
        <div className="grid grid-cols-[1fr_88px_1fr] gap-3">
          <TextField label="Tasks" type="number" value={max} onChange={setMax} required />
          <TextField label="Every" type="number" value={times} onChange={setTimes} required />
          <SelectField label="Period" options={PERIOD_NAMES} value={period} onChange={setPeriod} />
        </div>
        {problem !== null && <Problem title={problem} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" disabled={busy}>
            {opened === null ? "Set rate limit" : "Save"}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface DeleteRateLimitProps {
  readonly projectId: string;
  readonly present: Present & { readonly waiting: { readonly count: number; readonly isCapped: boolean } };
  readonly onClose: () => void;
}

/** Removes a rate limit, after it has said whom that lets go. */
export function DeleteRateLimit({ projectId, present, onClose }: DeleteRateLimitProps) {
  const { key, version, waiting } = present;
  const [, send] = useMutation(DeleteLimit);
  const [typed, setTyped] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    if (typed !== key) return setProblem(`Type its key, ${key}, to delete it.`);
    const { data, error } = await send({ input: { projectId, key, expectedVersion: version } });
    const result = data?.deleteRateLimit;
    if (result?.__typename !== "DeleteRateLimitSuccess") return setProblem(refusalOf(result, error));
    notify({ title: `Rate limit ${key} is deleted` });
    return onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={(next) => !next && onClose()}
      title={`Delete rate limit ${key}`}
      description={`${waiting.count === 0 ? "No task waits for it now." : `${countText(waiting)} ${waiting.count === 1 ? "task waits" : "tasks wait"} for it, and ${waiting.count === 1 ? "goes" : "go"} into line at once.`} Tasks that name the key are no longer limited, and new ones may not name it.`}
    >
      <form onSubmit={(event) => void submit(event)} className="grid gap-4">
        <TextField label={`Type ${key} to confirm`} value={typed} onChange={setTyped} required mono />
        {problem !== null && <Problem title={problem} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="danger">
            Delete rate limit
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
