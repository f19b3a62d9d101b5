"use client";
import { type SyntheticEvent, useState } from "react";
import { useMutation } from "urql";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { type Refusal, wholeRefusalOf } from "#api/refusal.ts";
import { Button } from "#components/button.tsx";
import { jsonText } from "#components/json/json-lines.ts";
import { Problem } from "#components/notice.tsx";
import { notify } from "#components/notify.ts";
import { JsonEditor } from "#components/schema-form/json-editor.tsx";
import { jsonProblem } from "#components/schema-form/json-problem.ts";
import { TextField } from "#components/text-field.tsx";
import { useContextView } from "#features/contexts/context-view.tsx";
import { IssueList } from "#features/contexts/issue-list.tsx";
import { prunedText } from "#features/contexts/pruned-text.ts";

const FormFragment = graphql(`
  fragment SettingsForm on Context {
    id
    currentVersion
    keepVersions
    prunedThrough
    schema
    pins {
      name
      number
    }
    project {
      id
      workspace {
        id
        keepContextVersions
      }
    }
  }
`);

const Update = graphql(`
  mutation UpdateContext($input: UpdateContextInput!) {
    updateContext(input: $input) {
      __typename
      ... on UpdateContextSuccess {
        data {
          id
          ...SettingsForm
        }
      }
      ... on InvalidInput {
        issues {
          path
          message
        }
      }
      ... on Error {
        code
        message
      }
    }
  }
`);

interface SettingsFormProps {
  readonly context: FragmentType<typeof FormFragment>;
  readonly onClose: () => void;
}

/** Changes what is given of a context's settings. */
export function SettingsForm({ context: masked, onClose }: SettingsFormProps) {
  const { may } = useContextView();
  const context = readFragment(FormFragment, masked);
  const [{ fetching }, update] = useMutation(Update);
  const [keep, setKeep] = useState(context.keepVersions?.toString() ?? "");
  const before = context.schema === null ? "" : jsonText(context.schema);
  const [schema, setSchema] = useState(before);
  const [problem, setProblem] = useState<Refusal | null>(null);
  const allowed = may("context.update");
  const workspace = context.project.workspace.keepContextVersions;
  const wrongSchema = schema.trim() === "" ? null : jsonProblem(schema);
  const number = keep.trim() === "" ? null : /^[1-9]\d{0,6}$/.test(keep.trim()) ? Number(keep) : undefined;
  const kept = number === null ? workspace : (number ?? null);

  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    if (wrongSchema !== null || number === undefined || fetching) return;
    setProblem(null);
    const { data, error } = await update({
      input: {
        contextId: context.id,
        ...(number !== context.keepVersions && { keepVersions: number }),
        ...(schema !== before && { schema: schema.trim() === "" ? null : (JSON.parse(schema) as unknown) }),
      },
    });
    const result = data?.updateContext;
    if (result?.__typename === "UpdateContextSuccess") {
      notify({ title: "The settings of this context were changed" });
      return onClose();
    }
    setProblem(wholeRefusalOf(result, error));
  };
  return (
    <form onSubmit={(event) => void submit(event)} className="grid gap-4">
      <TextField
        label="Versions that keep their data"
        value={keep}
        onChange={setKeep}
        placeholder={workspace === null ? "all of them" : `as the workspace says: ${workspace}`}
        problem={number === undefined ? "A number from 1 to 1,000,000, or nothing." : undefined}
        hint={prunedText({ ...context, keep: kept })}
      />
      <JsonEditor
        label="Schema"
        text={schema}
        onChange={setSchema}
        problem={wrongSchema}
        hint="A JSON Schema (draft-07 or 2020-12) that every write has to match from now on; the newest data must already. Nothing: any data."
      />
      {problem !== null && (
        <Problem title={problem.message}>
          <IssueList issues={problem.issues} />
        </Problem>
      )}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button
          type="submit"
          look="primary"
          disabled={fetching || !allowed}
          title={allowed ? undefined : "You need the permission context.update."}
        >
          Save
        </Button>
      </div>
    </form>
  );
}
