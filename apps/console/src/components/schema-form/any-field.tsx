"use client";
import { Field } from "@base-ui/react/field";
import { use, useEffect, useRef, useState } from "react";
import { anyText, readAny } from "#components/schema-form/any-text.ts";
import { BOX, FieldFrame } from "#components/schema-form/field-frame.tsx";
import { type FieldProps, FormContext } from "#components/schema-form/form-context.ts";
import { jsonProblem } from "#components/schema-form/json-problem.ts";
import type { SchemaField } from "#components/schema-form/schema-field.ts";

/** A value of any type, written as JSON; where it is mostly short, plain texts need no quotes. */
export function SchemaAnyField(props: FieldProps<Extract<SchemaField, { kind: "any" }>>) {
  const { field, path, value, onChange } = props;
  const { setBroken } = use(FormContext);
  const [typed, setTyped] = useState<{ readonly text: string; readonly means: unknown } | null>(null);
  // What was typed stands as it was, until the value becomes another by other ways.
  const text = typed !== null && typed.means === value ? typed.text : shownText(value, field.long);
  const place = useRef(path);
  place.current = path;
  useEffect(() => () => setBroken(place.current, null), [setBroken]);
  return (
    <FieldFrame {...props} within>
      <Field.Control
        render={<textarea rows={field.long ? Math.min(12, Math.max(3, text.split("\n").length)) : 1} />}
        value={text}
        onValueChange={(next) => {
          const read = readAny(next);
          const broken = "broken" in read || (field.long && "text" in read && next.trim() !== "");
          const problem = broken ? jsonProblem(next) : null;
          setBroken(path, problem && `Line ${problem.line}: ${problem.message}`);
          const means =
            next.trim() === "" ? undefined : "value" in read ? read.value : "text" in read ? read.text : value;
          setTyped({ text: next, means: broken ? value : means });
          if (!broken) onChange(means);
        }}
        spellCheck={false}
        className={`${BOX} resize-y font-mono text-sm leading-5`}
      />
    </FieldFrame>
  );
}

function shownText(value: unknown, long: boolean): string {
  if (!long) return anyText(value);
  return value === undefined ? "" : JSON.stringify(value, null, 2);
}
