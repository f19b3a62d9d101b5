"use client";
import { type SyntheticEvent, useState } from "react";
import { useMutation } from "urql";
import { graphql } from "#api/generated/gql.ts";
import { issueAt, NO_ISSUES } from "#api/input-issues.ts";
import { type Refusal, wholeRefusalOf } from "#api/refusal.ts";
import { Button } from "#components/button.tsx";
import { Problem } from "#components/notice.tsx";
import { SchemaForm } from "#components/schema-form/schema-form.tsx";
import { useSchemaDraft } from "#components/schema-form/use-schema-draft.ts";
import { TextField } from "#components/text-field.tsx";
import { useSubmit } from "#components/use-submit.ts";

const Register = graphql(`
  mutation RegisterAgent($input: RegisterAgentInput!) {
    registerAgent(input: $input) {
      __typename
      ... on RegisterAgentSuccess {
        key
        data {
          id
          name
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

const LABELS = { type: "object", additionalProperties: { type: "string", maxLength: 255 } };

interface RegisterFormProps {
  readonly projectId: string;
  readonly slug: string;
  readonly configSchema: unknown;
  readonly onRegistered: (agent: { readonly id: string; readonly name: string; readonly key: string }) => void;
  readonly onCancel: () => void;
}

/** What a new agent needs: a name, a config by the definition's schema, labels, and how much it may hold at once. */
export function RegisterForm({ projectId, slug, configSchema, onRegistered, onCancel }: RegisterFormProps) {
  const [, register] = useMutation(Register);
  const [name, setName] = useState("");
  const [concurrency, setConcurrency] = useState("1");
  const { busy, refusal, submit } = useSubmit<Refusal>();
  const issues = refusal?.issues ?? NO_ISSUES;
  const config = useSchemaDraft({ schema: configSchema, issues, at: ["config"] });
  const labels = useSchemaDraft({ schema: LABELS, issues, at: ["labels"] });

  const send = async (own: unknown, named: unknown) => {
    const { data, error } = await register({
      input: {
        projectId,
        definitionSlug: slug,
        name: name.trim(),
        config: own,
        labels: named,
        maxConcurrency: Number(concurrency),
      },
    });
    const result = data?.registerAgent;
    if (result?.__typename === "RegisterAgentSuccess") {
      onRegistered({ ...result.data, key: result.key });
      return null;
    }
    return wholeRefusalOf(result, error);
  };
  const check = (event: SyntheticEvent) => {
    event.preventDefault();
    const [own, named] = [config.check(), labels.check()];
    if (own !== undefined && named !== undefined) void submit(() => send(own, named));
  };

  return (
    <form onSubmit={check} className="grid gap-4">
      <TextField
        label="Name"
        value={name}
        onChange={setName}
        problem={issueAt(issues, "name")}
        hint="How people find it; unique in the project."
        required
        maxLength={200}
      />
      <SchemaForm label="Config" draft={config} disabled={busy} />
      <SchemaForm label="Labels" draft={labels} disabled={busy} />
      <TextField
        label="Tasks at once"
        type="number"
        value={concurrency}
        onChange={setConcurrency}
        problem={issueAt(issues, "maxConcurrency")}
        hint="1 to 1000. Its process may say that it can do fewer."
        required
      />
      {refusal !== null && <Problem title={refusal.message} />}
      <div className="flex justify-end gap-2">
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" look="primary" disabled={busy}>
          Register agent
        </Button>
      </div>
    </form>
  );
}
