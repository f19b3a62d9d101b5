"use client";
import { type ReactNode, use } from "react";
import { Button } from "#components/button.tsx";
import { hintOf } from "#components/schema-form/field-words.ts";
import { FormContext, type FieldProps, useFieldProblem } from "#components/schema-form/form-context.ts";

interface GroupFrameProps extends Omit<FieldProps, "value" | "onChange"> {
  readonly children: ReactNode;
}

/** Fields that belong together, with what they are and what is wrong with them as a whole. */
export function GroupFrame({ name, field, path, required, labelHidden = false, children }: GroupFrameProps) {
  const problem = useFieldProblem(path);
  const hint = hintOf(field);
  if (labelHidden) {
    return (
      <fieldset className="grid min-w-0 gap-4">
        <legend className="sr-only">{field.title ?? name}</legend>
        {problem !== undefined && <p className="text-sm text-danger">{problem}</p>}
        {children}
      </fieldset>
    );
  }
  return (
    <fieldset className="grid min-w-0 gap-3 border-l-2 border-line pl-3">
      <legend className="contents">
        <span className={field.title === null ? "font-mono text-sm font-semibold leading-5" : "font-[550]"}>
          {field.title ?? name}
        </span>
        {required && <span className="ml-2 text-sm text-faint">required</span>}
      </legend>
      {hint !== undefined && <p className="-mt-2 text-sm wrap-anywhere text-faint">{hint}</p>}
      {problem !== undefined && <p className="-mt-1 text-sm text-danger">{problem}</p>}
      {children}
    </fieldset>
  );
}

/** Takes a row of a form away. */
export function RemoveButton({ label, onRemove }: { readonly label: string; readonly onRemove: () => void }) {
  const { disabled } = use(FormContext);
  return (
    <Button look="ghost" aria-label={label} title={label} disabled={disabled} onClick={onRemove} className="shrink-0">
      <span aria-hidden>✕</span>
    </Button>
  );
}
