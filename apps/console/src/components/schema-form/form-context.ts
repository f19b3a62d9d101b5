"use client";
import { type ComponentType, createContext, use } from "react";
import type { Path } from "#components/schema-form/change-at.ts";
import type { SchemaField } from "#components/schema-form/schema-field.ts";
import type { SchemaProblem } from "#components/schema-form/schema-problems.ts";

interface FormState {
  /** What is wrong and worth saying now. */
  readonly problems: readonly SchemaProblem[];
  /** Somebody has been at this place: from now on, what is wrong there is said. */
  readonly touch: (path: Path) => void;
  /** A box holds what is no value yet, or no longer does. */
  readonly setBroken: (path: Path, message: string | null) => void;
  readonly disabled: boolean;
  /** Shows any field: a group has fields of every kind within. */
  readonly Part: ComponentType<FieldProps>;
}

/** What every part of a form shares, however deep. */
export const FormContext = createContext<FormState>({
  problems: [],
  touch: () => {},
  setBroken: () => {},
  disabled: false,
  Part: () => null,
});

/** What one field of a form is given. */
export interface FieldProps<Field extends SchemaField = SchemaField> {
  /** How it is called. */
  readonly name: string;
  readonly field: Field;
  readonly path: Path;
  readonly required: boolean;
  readonly value: unknown;
  /** Undefined takes it away. */
  readonly onChange: (value: unknown) => void;
  /** Only for those who cannot see it: where the place says what it is. */
  readonly labelHidden?: boolean;
}

/** What is wrong at a place itself, or, with `within`, at or below it; undefined when nothing is. */
export function useFieldProblem(path: Path, within = false): string | undefined {
  const { problems } = use(FormContext);
  const found = problems.find(
    (problem) =>
      (within ? problem.path.length >= path.length : problem.path.length === path.length) &&
      path.every((name, index) => problem.path[index] === name),
  );
  return found && found.message.charAt(0).toUpperCase() + found.message.slice(1);
}
