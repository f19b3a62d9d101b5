"use client";
import { use, useId } from "react";
import { Button } from "#components/button.tsx";
import { CheckField } from "#components/check-field.tsx";
import { blankValue } from "#components/schema-form/blank-value.ts";
import { changeAt } from "#components/schema-form/change-at.ts";
import { FormContext, type FieldProps } from "#components/schema-form/form-context.ts";
import { GroupFrame, RemoveButton } from "#components/schema-form/group-frame.tsx";
import type { ListSchema, SchemaField } from "#components/schema-form/schema-field.ts";

/** A list: a row for each item; of a few values each of which may be there once, a box to tick for each. */
export function SchemaListField(props: FieldProps<ListSchema>) {
  const { field, path, required, value, onChange } = props;
  const { disabled, Part } = use(FormContext);
  const id = useId();
  const items = Array.isArray(value) ? (value as unknown[]) : [];
  const change = (next: readonly unknown[]) => onChange(next.length === 0 && !required ? undefined : next);
  const { item, maxItems } = field;
  if (item.kind === "choice" && field.unique) {
    return (
      <GroupFrame {...props}>
        {item.options.map((option) => (
          <CheckField
            key={String(option)}
            label={String(option)}
            checked={items.includes(option)}
            disabled={disabled}
            onChange={(on) => change(item.options.filter((each) => (each === option ? on : items.includes(each))))}
          />
        ))}
      </GroupFrame>
    );
  }
  return (
    <GroupFrame {...props}>
      {items.map((each, at) => (
        <div key={`${id}${at}`} className="flex items-start gap-2">
          <div className="min-w-0 grow">
            <Part
              name={`Item ${at + 1}`}
              field={item}
              path={[...path, String(at)]}
              required
              value={each}
              onChange={(next) => change(changeAt(items, [String(at)], next ?? emptyItem(item)) as unknown[])}
              labelHidden={item.kind !== "group" && item.kind !== "list"}
            />
          </div>
          <RemoveButton
            label={`Remove item ${at + 1}`}
            onRemove={() => change(items.filter((_, other) => other !== at))}
          />
        </div>
      ))}
      <div>
        <Button
          disabled={disabled || (maxItems !== null && items.length >= maxItems)}
          onClick={() => change([...items, blankValue(item) ?? emptyItem(item)])}
        >
          Add item
        </Button>
      </div>
    </GroupFrame>
  );
}

/** An item has to be something, unlike a property. */
function emptyItem(item: SchemaField): unknown {
  return item.kind === "choice" ? item.options[0] : "";
}
