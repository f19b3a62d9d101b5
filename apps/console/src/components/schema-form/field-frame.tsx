"use client";
import { Field } from "@base-ui/react/field";
import { type ReactNode, use } from "react";
import { FormContext, type FieldProps, useFieldProblem } from "#components/schema-form/form-context.ts";
import { hintOf } from "#components/schema-form/field-words.ts";

/** How a box of a form looks. */
export const BOX =
  "w-full rounded-md border border-line-strong bg-surface px-2.5 py-1.5 placeholder:text-faint aria-invalid:border-danger disabled:opacity-50";

interface FieldFrameProps extends Omit<FieldProps, "value" | "onChange"> {
  /** Whether what is wrong below this place is said here, too. */
  readonly within?: boolean;
  readonly children: ReactNode;
}

/** The label of a field, the field, what is wrong with it and what it is for. */
export function FieldFrame(props: FieldFrameProps) {
  const { name, field, path, required, labelHidden = false, within = false, children } = props;
  const { touch, disabled } = use(FormContext);
  const problem = useFieldProblem(path, within);
  const hint = hintOf(field);
  return (
    <Field.Root
      className="grid min-w-0 gap-1"
      invalid={problem !== undefined}
      disabled={disabled}
      onBlur={({ relatedTarget }) => {
        // What is said moves what stands below: a button that is being pressed would no longer be under the pointer.
        if (!(relatedTarget instanceof HTMLButtonElement)) touch(path);
      }}
    >
      <div className={labelHidden ? "sr-only" : "flex items-baseline gap-2"}>
        <Field.Label className={field.title === null ? "font-mono text-sm font-semibold leading-5" : "font-[550]"}>
          {field.title ?? name}
        </Field.Label>
        {required && <span className="text-sm text-faint">required</span>}
      </div>
      {children}
      {problem !== undefined && (
        <Field.Error match className="text-sm text-danger">
          {problem}
        </Field.Error>
      )}
      {!labelHidden && hint !== undefined && (
        <Field.Description className="text-sm wrap-anywhere text-faint">{hint}</Field.Description>
      )}
    </Field.Root>
  );
}
