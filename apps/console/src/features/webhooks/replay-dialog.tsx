"use client";
import { useEffect, useState } from "react";
import { useMutation } from "urql";
import { graphql } from "#api/generated/gql.ts";
import { refusalOf } from "#api/refusal.ts";
import { TextField } from "#components/text-field.tsx";
import { atFields, type FieldProblems } from "#api/input-issues.ts";
import { localTime, timeOf } from "#components/local-time.ts";
import type { WebhookDialogProps } from "#features/webhooks/pause-dialogs.tsx";
import { ReasonDialog } from "#components/reason-dialog.tsx";

const Replay = graphql(`
  mutation ReplayWebhook($input: ReplayWebhookInput!) {
    replayWebhook(input: $input) {
      __typename
      ... on ReplayWebhookSuccess {
        data {
          id
          cursor
          pendingDeliveries
          version
        }
      }
      ... on Error {
        code
        message
      }
      ... on InvalidInput {
        issues {
          path
          message
        }
      }
    }
  }
`);

const HOUR_MS = 3_600_000;
const AGO = { "1 hour ago": HOUR_MS, "24 hours ago": 24 * HOUR_MS, "7 days ago": 168 * HOUR_MS } as const;
const PLACES = { since: "Since a time", after: "After a cursor" } as const;
type Place = keyof typeof PLACES;

interface ReplayDialogProps extends WebhookDialogProps {
  readonly pending: number;
}

/** Sends events again, or leaves some out: from a time or a cursor of the feed on. */
export function ReplayDialog({ webhook: { id, name }, pending, open, onClose }: ReplayDialogProps) {
  const [, replay] = useMutation(Replay);
  const [place, setPlace] = useState<Place>("since");
  const [since, setSince] = useState("");
  const [after, setAfter] = useState("");
  const [problems, setProblems] = useState<FieldProblems>({});
  useEffect(() => {
    if (!open) return;
    setProblems({});
    setSince(localTime(Date.now() - HOUR_MS));
  }, [open]);

  const act = async (reason: string): Promise<string | null> => {
    setProblems({});
    const at = timeOf(since);
    if (place === "since" && at === null) {
      setProblems({ since: "This is no time. Give a day and a time of day." });
      return "Nothing was replayed.";
    }
    const { data, error } = await replay({
      input: { webhookId: id, reason, ...(place === "since" ? { since: at } : { after: after.trim() }) },
    });
    const result = data?.replayWebhook;
    if (result?.__typename === "ReplayWebhookSuccess") return null;
    if (result?.__typename !== "InvalidInput") return refusalOf(result, error);
    const found = atFields(result.issues, [place]);
    setProblems(found.problems);
    return found.rest.length > 0 ? `${result.message} ${found.rest.join(" ")}` : result.message;
  };

  return (
    <ReasonDialog
      title={`Replay ${name}`}
      description="Events after the place you choose are sent as new deliveries, also those that were delivered before."
      submit="Replay"
      open={open}
      onClose={onClose}
      act={act}
    >
      {pending > 0 && (
        <p className="rounded-md bg-warning-soft px-3 py-2 text-warning tabular-nums">
          {pending === 1
            ? "The delivery that waits is"
            : `The ${pending.toLocaleString("en")} deliveries that wait are`}{" "}
          skipped: what comes is what happened after that place.
        </p>
      )}
      <fieldset className="flex flex-wrap gap-x-5 gap-y-1">
        <legend className="mb-1 font-[550]">From where</legend>
        {(Object.keys(PLACES) as Place[]).map((each) => (
          <label key={each} className="flex items-center gap-2">
            <input
              type="radio"
              name="place"
              checked={place === each}
              onChange={() => setPlace(each)}
              className="accent-accent"
            />
            {PLACES[each]}
          </label>
        ))}
      </fieldset>
      {place === "since" ? (
        <div className="grid gap-2">
          <TextField
            label="Time"
            type="datetime-local"
            step={1}
            value={since}
            onChange={setSince}
            problem={problems["since"]}
            hint="In your own time zone. The first event of this time or later is the first that is sent."
            required
          />
          <div className="flex flex-wrap gap-1.5">
            {Object.entries(AGO).map(([word, ms]) => (
              <button
                key={word}
                type="button"
                onClick={() => setSince(localTime(Date.now() - ms))}
                className="rounded-full border border-line bg-surface px-2.5 py-0.5 text-muted hover:border-line-strong"
              >
                {word}
              </button>
            ))}
          </div>
        </div>
      ) : (
        <TextField
          label="Cursor"
          value={after}
          onChange={setAfter}
          problem={problems["after"]}
          hint="Of a delivery’s body, or of the feed. The event after it is the first that is sent."
          mono
          required
        />
      )}
    </ReasonDialog>
  );
}
