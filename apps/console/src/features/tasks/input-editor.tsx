"use client";
import { type RefObject, useEffect } from "react";
import type { InputIssue } from "#api/input-issues.ts";
import { SchemaForm } from "#components/schema-form/schema-form.tsx";
import { useSchemaDraft } from "#components/schema-form/use-schema-draft.ts";

interface InputEditorProps {
  /** A JSON Schema, or null. Give it another `key` for another one. */
  readonly schema: unknown;
  readonly initial: unknown;
  readonly issues: readonly InputIssue[];
  /** Gives the value to send; undefined when something is wrong with it, which then is said. */
  readonly checkRef: RefObject<() => unknown>;
}

/** What the agent is to get: a form where its definition says what that is, else JSON. */
export function InputEditor({ schema, initial, issues, checkRef }: InputEditorProps) {
  const draft = useSchemaDraft({ schema, initial, issues, at: ["input"] });
  useEffect(() => {
    checkRef.current = draft.check;
  });
  return <SchemaForm label="Input" draft={draft} />;
}
