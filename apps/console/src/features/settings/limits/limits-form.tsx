"use client";
import { type SyntheticEvent, useState } from "react";
import { useMutation } from "urql";
import { graphql } from "#api/generated/gql.ts";
import { issueAt, NO_ISSUES } from "#api/input-issues.ts";
import { type Refusal, wholeRefusalOf } from "#api/refusal.ts";
import { Button } from "#components/button.tsx";
import { Problem } from "#components/notice.tsx";
import { notify } from "#components/notify.ts";
import { TextField } from "#components/text-field.tsx";
import { LIMIT_WORDS } from "#features/settings/limits/limit-words.ts";
import { NarrowDialog } from "#features/settings/limits/narrow-dialog.tsx";
import {
  changesOf,
  LIMIT_NAMES,
  type LimitName,
  MOST,
  narrowed,
  problemOf,
  RETENTION_NAMES,
  textsOf,
  type WorkspaceLimits,
} from "#features/settings/limits/retention-form.ts";

const UpdateWorkspace = graphql(`
  mutation UpdateWorkspaceLimits($input: UpdateWorkspaceInput!) {
    updateWorkspace(input: $input) {
      __typename
      ... on UpdateWorkspaceSuccess {
        data {
          id
          version
          maxAgents
          maxRunningAgents
          maxRunningTasks
          maxTasksPerMinute
          maxContexts
          maxStorageBytes
          eventRetentionDays
          keepContextVersions
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

interface LimitsFormProps {
  readonly workspace: WorkspaceLimits & { readonly id: string; readonly slug: string; readonly version: number };
  /** How much there is now, of what is known. */
  readonly usage: Readonly<Partial<Record<LimitName, string>>>;
  /** Why it cannot be changed; null: it can. */
  readonly locked: string | null;
  /** Reads what is so now. */
  readonly reread: () => void;
}

/** What stands where there is no limit. */
const PLACEHOLDERS: Readonly<Partial<Record<LimitName, string>>> = {
  eventRetentionDays: "as the installation",
  keepContextVersions: "all",
};

interface NotSaved extends Refusal {
  /** Somebody else was faster. */
  readonly conflict: boolean;
}

/** The workspace's limits. What is removed by a narrower one is said before; what somebody else changed meanwhile is shown. */
export function LimitsForm({ workspace, usage, locked, reread }: LimitsFormProps) {
  const [, update] = useMutation(UpdateWorkspace);
  /** What the form began with: its changes are against this. */
  const [base, setBase] = useState(workspace);
  const [texts, setTexts] = useState(() => textsOf(workspace));
  const [refusal, setRefusal] = useState<NotSaved | null>(null);
  const [confirming, setConfirming] = useState(false);
  const [busy, setBusy] = useState(false);
  const changes = changesOf(base, texts);
  const changed = changes === null || Object.keys(changes).length > 0;
  if (!changed && base.version !== workspace.version) {
    setBase(workspace);
    setTexts(textsOf(workspace));
  }

  /** Whether what somebody else has set meanwhile has been read: until then to keep one's own would conflict again. */
  const known = base.version !== workspace.version;

  const save = async () => {
    if (changes === null) return;
    setBusy(true);
    const { data, error } = await update({
      input: { workspaceId: base.id, ...changes, expectedVersion: base.version },
    });
    setBusy(false);
    const result = data?.updateWorkspace;
    if (result?.__typename === "UpdateWorkspaceSuccess") {
      setBase({ ...base, ...result.data });
      setTexts(textsOf(result.data));
      setRefusal(null);
      setConfirming(false);
      notify({ title: "The limits are saved" });
      return;
    }
    const conflict = result?.__typename === "Conflict";
    if (conflict) reread();
    setRefusal({ ...wholeRefusalOf(result, error), conflict });
    setConfirming(false);
  };

  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (changes === null || locked !== null) return;
    if (narrowed(base, changes).length > 0) setConfirming(true);
    else void save();
  };

  const field = (name: LimitName) => {
    const { label, hint } = LIMIT_WORDS[name];
    const said = issueAt(refusal?.issues ?? NO_ISSUES, name);
    const other =
      base.version === workspace.version || workspace[name] === base[name] ? null : textsOf(workspace)[name];
    const now = usage[name] === undefined ? "" : ` Now: ${usage[name]}.`;
    return (
      <TextField
        key={name}
        label={label}
        value={texts[name]}
        onChange={(text) => setTexts({ ...texts, [name]: text })}
        hint={`${hint}${now}${other === null ? "" : ` Somebody else has set it to ${other || "no limit"}.`}`}
        problem={problemOf(name, texts[name]) ?? said}
        placeholder={PLACEHOLDERS[name] ?? "any number"}
        maxLength={String(MOST[name]).length}
      />
    );
  };

  return (
    <form onSubmit={submit} className="grid gap-5">
      <fieldset className="grid gap-x-6 gap-y-4 sm:grid-cols-2">
        <legend className="mb-3 text-muted">How much there may be at once. Empty: any number.</legend>
        {LIMIT_NAMES.filter((name) => !RETENTION_NAMES.includes(name)).map(field)}
      </fieldset>
      <fieldset className="grid gap-x-6 gap-y-4 border-t border-line pt-4">
        <legend className="sr-only">How long it is kept</legend>
        {RETENTION_NAMES.map(field)}
      </fieldset>
      {refusal !== null && (
        <Problem title={refusal.message}>
          {refusal.conflict && (
            <span className="mt-2 flex flex-wrap gap-2">
              <Button
                disabled={!known}
                onClick={() => {
                  setBase(workspace);
                  setTexts(textsOf(workspace));
                  setRefusal(null);
                }}
              >
                Take what is so now
              </Button>
              <Button
                disabled={!known}
                onClick={() => {
                  setBase(workspace);
                  setRefusal(null);
                }}
              >
                Keep mine
              </Button>
            </span>
          )}
        </Problem>
      )}
      <div className="flex gap-2">
        <Button
          type="submit"
          look="primary"
          disabled={busy || !changed || changes === null || locked !== null || refusal?.conflict === true}
          title={locked ?? undefined}
        >
          Save limits
        </Button>
        {changed && refusal?.conflict !== true && (
          <Button look="ghost" onClick={() => setTexts(textsOf(base))}>
            Discard
          </Button>
        )}
      </div>
      <NarrowDialog
        slug={workspace.slug}
        changes={changes ?? {}}
        names={changes ? narrowed(base, changes) : []}
        busy={busy}
        open={confirming}
        onClose={() => setConfirming(false)}
        onConfirm={() => void save()}
      />
    </form>
  );
}
