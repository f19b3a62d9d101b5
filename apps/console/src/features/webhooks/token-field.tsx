"use client";
import { Combobox } from "@base-ui/react/combobox";
import { Field } from "@base-ui/react/field";
import { type ReactNode, useEffect, useRef, useState } from "react";

export interface Token {
  readonly value: string;
  /** How it reads. */
  readonly word: string;
}

interface TokenFieldProps {
  readonly label: string;
  readonly values: readonly string[];
  readonly onChange: (values: string[]) => void;
  /** What can be chosen. */
  readonly options?: readonly Token[];
  /** The value that a typed text stands for, null when it stands for none. Without it only options can be chosen. */
  readonly accept?: (text: string) => string | null;
  readonly onQuery?: (text: string) => void;
  /** How a chosen one reads; by its option, or as it is, without it. */
  readonly show?: (value: string) => ReactNode;
  /** What to say when a typed text stands for nothing. */
  readonly nothing: string;
  readonly placeholder?: string;
  readonly hint?: string;
  readonly problem?: string | undefined;
}

const NONE: readonly Token[] = [];

/** Several values, chosen from a list or typed. Enter takes one, Backspace the last one away. */
export function TokenField(props: TokenFieldProps) {
  const { label, values, onChange, options = NONE, accept, onQuery, show, nothing, placeholder, hint, problem } = props;
  const [query, setQuery] = useState("");
  const words = new Map(options.map(({ value, word }) => [value, word]));
  const wordOf = (value: string) => words.get(value) ?? value;
  const asked = query.trim().toLowerCase();
  const named = options.find(({ word }) => word.toLowerCase() === asked)?.value;
  const typed = named ?? accept?.(query.trim()) ?? null;
  const open = options.map(({ value }) => value).filter((value) => !values.includes(value));
  const items = typed === null || values.includes(typed) || open.includes(typed) ? open : [...open, typed];
  // The form is not sent while a text stands here that would be lost with it.
  const box = useRef<HTMLInputElement>(null);
  const stray = query.trim() !== "" && typed === null;
  useEffect(() => box.current?.setCustomValidity(stray ? nothing : ""), [stray, nothing]);
  const ask = (text: string) => {
    setQuery(text);
    onQuery?.(text.trim());
  };
  return (
    <Field.Root className="grid gap-1" invalid={problem !== undefined}>
      <Field.Label className="font-[550]">{label}</Field.Label>
      <Combobox.Root
        multiple
        autoHighlight
        items={items}
        value={[...values]}
        onValueChange={(next, { reason }) => {
          // Escape closes what is open, and takes nothing away.
          if (reason === "escape-key") return;
          onChange(next);
          ask("");
        }}
        inputValue={query}
        onInputValueChange={(text, { reason }) => {
          // A text that stands for nothing stays, so that it can be corrected.
          if (text !== "" || reason === "input-change") ask(text);
        }}
        onOpenChange={(opens, { reason }) => {
          // What was typed and left is meant, too.
          if (opens || (reason !== "focus-out" && reason !== "outside-press") || typed === null) return;
          if (!values.includes(typed)) onChange([...values, typed]);
          ask("");
        }}
        itemToStringLabel={wordOf}
      >
        <Combobox.InputGroup className="rounded-md border border-line-strong bg-surface px-1.5 py-1 focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-accent has-aria-invalid:border-danger">
          <Combobox.Chips className="flex flex-wrap items-center gap-1">
            {values.map((value) => (
              <Combobox.Chip
                key={value}
                className="flex min-w-0 items-center rounded-sm bg-sunken pl-1.5 font-mono text-xs leading-[22px]"
              >
                <span className="min-w-0 wrap-anywhere">{show?.(value) ?? wordOf(value)}</span>
                <Combobox.ChipRemove
                  aria-label={`Remove ${wordOf(value)}`}
                  className="grid size-[22px] shrink-0 place-items-center rounded-sm text-faint hover:text-ink"
                >
                  <span aria-hidden>×</span>
                </Combobox.ChipRemove>
              </Combobox.Chip>
            ))}
            <Combobox.Input
              ref={box}
              onKeyDown={(event) => {
                // Enter takes what is typed, and sends the form only when there is nothing to take.
                if (event.key === "Enter" && query.trim() !== "") event.preventDefault();
              }}
              placeholder={values.length === 0 ? placeholder : undefined}
              spellCheck={false}
              className="w-28 grow bg-transparent px-1 py-0.5 outline-none placeholder:text-faint"
            />
          </Combobox.Chips>
        </Combobox.InputGroup>
        <Combobox.Portal>
          <Combobox.Positioner sideOffset={6} className="z-50 outline-none">
            <Combobox.Popup className="max-h-[min(16rem,var(--available-height))] w-(--anchor-width) overflow-y-auto rounded-lg border border-line bg-raised p-1 shadow-float">
              <Combobox.Empty className="px-2.5 py-1 text-muted empty:hidden">{nothing}</Combobox.Empty>
              <Combobox.List>
                {(value: string) => (
                  <Combobox.Item
                    key={value}
                    value={value}
                    className="flex cursor-default items-center gap-2 rounded-sm px-2.5 py-1 wrap-anywhere outline-none select-none data-highlighted:bg-sunken"
                  >
                    {words.has(value) ? wordOf(value) : `Add “${value}”`}
                  </Combobox.Item>
                )}
              </Combobox.List>
            </Combobox.Popup>
          </Combobox.Positioner>
        </Combobox.Portal>
      </Combobox.Root>
      {problem !== undefined && (
        <Field.Error match className="text-sm text-danger">
          {problem}
        </Field.Error>
      )}
      {hint !== undefined && <Field.Description className="text-sm text-faint">{hint}</Field.Description>}
    </Field.Root>
  );
}
