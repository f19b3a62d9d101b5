"use client";
import { Choice } from "#components/choice.tsx";
import { FormContext } from "#components/schema-form/form-context.ts";
import { JsonEditor } from "#components/schema-form/json-editor.tsx";
import { SchemaFieldView } from "#components/schema-form/schema-field-view.tsx";
import type { SchemaField } from "#components/schema-form/schema-field.ts";
import type { SchemaDraft } from "#components/schema-form/use-schema-draft.ts";

interface SchemaFormProps {
  /** "Config". */
  readonly label: string;
  readonly draft: SchemaDraft;
  readonly disabled?: boolean;
}

/** A value to write by a form that its JSON Schema makes, or as JSON; from one to the other nothing is lost. */
export function SchemaForm({ label, draft, disabled = false }: SchemaFormProps) {
  const { field, mode, setMode, value, setValue, text, setText, textProblem, problems, touch, setBroken } = draft;
  const asForm = mode === "form" && field.kind !== "any";
  const elsewhere = asForm ? problems.filter(({ path }) => !isShown(field, value, path)) : problems;
  return (
    <div ref={draft.element} role="group" aria-label={label} className="grid min-w-0 gap-3">
      <div className="flex items-center justify-between gap-3">
        <span className="font-[550]">{label}</span>
        {field.kind !== "any" && (
          <Choice label={`${label} as`} options={{ form: "Form", json: "JSON" }} value={mode} onChange={setMode} />
        )}
      </div>
      {elsewhere.length > 0 && (
        <ul className="grid gap-0.5 text-sm text-danger">
          {elsewhere.map(({ path, message }) => (
            <li key={`${path.join(".")} ${message}`}>
              {path.length > 0 && <code className="font-mono">{path.join(".")}</code>} {message}
            </li>
          ))}
        </ul>
      )}
      {asForm ? (
        <FormContext value={{ problems, touch, setBroken, disabled, Part: SchemaFieldView }}>
          {field.kind === "group" && field.properties.length === 0 && field.others === null ? (
            <p className="text-muted">There is nothing to set.</p>
          ) : (
            <SchemaFieldView
              name={label}
              field={field}
              path={[]}
              required
              value={value}
              onChange={setValue}
              labelHidden
            />
          )}
        </FormContext>
      ) : (
        <JsonEditor
          label={`${label} as JSON`}
          labelHidden
          text={text}
          onChange={setText}
          problem={textProblem}
          disabled={disabled}
        />
      )}
    </div>
  );
}

/** Whether the form has a place that says what is wrong there. */
function isShown(field: SchemaField, value: unknown, [name, ...rest]: readonly string[]): boolean {
  if (name === undefined) return true;
  if (field.kind === "list")
    return !(field.item.kind === "choice" && field.unique) && isShown(field.item, undefined, rest);
  if (field.kind !== "group") return field.kind === "any";
  const property = field.properties.find((each) => each.name === name);
  if (property) return property.field.kind !== "flag" && isShown(property.field, undefined, rest);
  const there = typeof value === "object" && value !== null ? name in value : rest.length > 0;
  return there && rest.length === 0;
}
