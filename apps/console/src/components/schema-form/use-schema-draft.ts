"use client";
import { type RefObject, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { blankValue } from "#components/schema-form/blank-value.ts";
import { type Path, valueAt } from "#components/schema-form/change-at.ts";
import { type JsonProblem, jsonProblem } from "#components/schema-form/json-problem.ts";
import { readSchema } from "#components/schema-form/read-schema.ts";
import type { SchemaField } from "#components/schema-form/schema-field.ts";
import { problemsFrom, type SchemaProblem, schemaProblems } from "#components/schema-form/schema-problems.ts";

interface SchemaDraftOptions {
  /** A JSON Schema; null when there is none: then it is JSON alone. Give the component another `key` for another schema. */
  readonly schema: unknown;
  /** What it begins with; left out, what the schema says by itself. */
  readonly initial?: unknown;
  /** What the API found wrong with what was sent, */
  readonly issues?: readonly SchemaProblem[];
  /** and where in its input the value stands: ["config"]. */
  readonly at?: Path;
}

export interface SchemaDraft {
  readonly field: SchemaField;
  readonly mode: "form" | "json";
  /** Does nothing while the JSON cannot be read. */
  readonly setMode: (mode: "form" | "json") => void;
  /** The last value that could be read. */
  readonly value: unknown;
  readonly setValue: (value: unknown) => void;
  readonly text: string;
  readonly setText: (text: string) => void;
  readonly textProblem: JsonProblem | null;
  readonly problems: readonly SchemaProblem[];
  readonly touch: (path: Path) => void;
  readonly setBroken: (path: Path, message: string | null) => void;
  /** The value to send; undefined when something is wrong with it, which then is said and has the focus. */
  readonly check: () => unknown;
  readonly element: RefObject<HTMLDivElement | null>;
}

const NO_ISSUES: readonly SchemaProblem[] = [];
const HERE: Path = [];
const keyOf = (path: Path) => JSON.stringify(path);
const pretty = (value: unknown) => (value === undefined ? "" : JSON.stringify(value, null, 2));

/** A value while it is written, by a form or as JSON. Show it with `SchemaForm`; `check` when it is to be sent. */
export function useSchemaDraft({ schema, initial, issues = NO_ISSUES, at = HERE }: SchemaDraftOptions): SchemaDraft {
  const [field] = useState(() => readSchema(schema));
  const [value, setValue] = useState<unknown>(
    () => initial ?? blankValue(field) ?? (field.kind === "any" ? {} : undefined),
  );
  const [mode, setMode] = useState<"form" | "json">(field.kind === "any" ? "json" : "form");
  const [text, setText] = useState(() => pretty(value));
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const [broken, setBroken] = useState<ReadonlyMap<string, SchemaProblem>>(new Map());
  const [checks, setChecks] = useState(0);
  const element = useRef<HTMLDivElement>(null);
  const textProblem = useMemo(() => (mode === "json" ? jsonProblem(text) : null), [mode, text]);

  // An issue is said until what it speaks of is another.
  const [told, setTold] = useState({ issues, value });
  if (told.issues !== issues) setTold({ issues, value });
  const found = useMemo(() => schemaProblems(field, value), [field, value]);
  const problems = useMemo(() => {
    const reported = problemsFrom(issues, at).filter(({ path }) => valueAt(told.value, path) === valueAt(value, path));
    const own = found.filter(({ path }) => checks > 0 || touched.has(keyOf(path)));
    return [...broken.values(), ...own, ...reported];
    // `at` is a few names, written where it is used.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [issues, at.join(), told, value, found, checks, touched, broken]);

  useEffect(() => {
    if (checks > 0) element.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [checks]);

  return {
    field,
    mode,
    setMode: (next) => {
      if (next === "json") {
        setText(pretty(value));
        setBroken(new Map());
      }
      if (next === "json" || textProblem === null) setMode(next);
    },
    value,
    setValue,
    text,
    setText: (next) => {
      setText(next);
      try {
        setValue(JSON.parse(next));
      } catch {
        // Said beneath it; the value stays what it was until it can be read again.
      }
    },
    textProblem,
    problems,
    touch: useCallback((path: Path) => setTouched((known) => new Set(known).add(keyOf(path))), []),
    setBroken: useCallback((path: Path, message: string | null) => {
      setBroken((known) => {
        if (message === null && !known.has(keyOf(path))) return known;
        const next = new Map(known);
        if (message === null) next.delete(keyOf(path));
        else next.set(keyOf(path), { path, message });
        return next;
      });
    }, []),
    check: () => {
      if (textProblem === null && broken.size === 0 && found.length === 0) return value;
      setChecks(checks + 1);
      return undefined;
    },
    element,
  };
}
