"use client";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { isTyping } from "#components/is-typing.ts";
import { isChip, type SearchTerm, searchTerms, searchText } from "#features/fleet/search-language.ts";

const PAUSE_MS = 250;

interface SearchFieldProps {
  /** What the address says. */
  readonly search: string;
  readonly onSearch: (search: string) => void;
  /** What of it cannot be looked for. */
  readonly problems: readonly string[];
}

/**
 * The one box for all that can be looked for. Text counts as it is typed; what narrows by a property, such as
 * `label:team=core`, becomes a chip with the space or Enter behind it. The key / goes there, Backspace takes the last chip.
 */
export function SearchField({ search, onSearch, problems }: SearchFieldProps) {
  const box = useRef<HTMLInputElement>(null);
  const problem = useId();
  const terms = searchTerms(search);
  const chips = terms.filter(isChip);
  const said = searchText(terms.filter((term) => !isChip(term)));
  const [text, setText] = useState(said);
  /** What was asked for last: when the address says something else, it was changed elsewhere. */
  const asked = useRef(search);
  useEffect(() => {
    if (search === asked.current) return;
    asked.current = search;
    setText(said);
  }, [search, said]);

  const ask = (kept: readonly SearchTerm[], words: string) => {
    const next = searchText([...kept, ...searchTerms(words)]);
    if (next === asked.current) return;
    asked.current = next;
    onSearch(next);
  };
  /** Makes chips of what is complete; `all`, of what is not yet followed by a space as well. */
  const take = (typed: string, all: boolean) => {
    const written = searchTerms(typed);
    const open = all || /\s$/.test(typed) ? undefined : written.at(-1);
    const complete = written.filter((term) => isChip(term) && term !== open);
    if (complete.length > 0) {
      const left = searchText(written.filter((term) => !complete.includes(term)));
      // What is typed next is another word.
      setText(left === "" || open ? left : `${left} `);
    }
    return { complete, words: searchText(written.filter((term) => !isChip(term))) };
  };
  const onType = (typed: string) => {
    setText(typed);
    const { complete, words } = take(typed, false);
    if (complete.length > 0) ask([...chips, ...complete], words);
  };
  const latest = useRef({ chips, ask });
  latest.current = { chips, ask };
  useEffect(() => {
    const timer = setTimeout(() => {
      const words = searchTerms(text).filter((term) => !isChip(term));
      latest.current.ask(latest.current.chips, searchText(words));
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      if (event.key !== "/" || isTyping(event)) return;
      event.preventDefault();
      box.current?.focus();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === "Enter") {
      const { complete, words } = take(text, true);
      ask([...chips, ...complete], words);
    } else if (event.key === "Backspace" && text === "" && chips.length > 0) {
      ask(chips.slice(0, -1), "");
    } else if (event.key === "Escape") {
      setText("");
      event.currentTarget.blur();
    }
  };
  const remove = (chip: SearchTerm) => {
    ask(
      chips.filter((each) => each !== chip),
      text,
    );
    box.current?.focus();
  };
  return (
    <div className="grid w-full max-w-xl min-w-0 grow basis-80 gap-1">
      <div className="relative flex flex-wrap items-center gap-1 rounded-md border border-line-strong bg-surface py-0.75 pr-8 pl-1.5 focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-accent">
        {chips.map((chip, index) => (
          <Chip key={`${index}:${chip.raw}`} chip={chip} onRemove={() => remove(chip)} />
        ))}
        <input
          ref={box}
          type="search"
          aria-label="Search agents"
          aria-keyshortcuts="/"
          aria-invalid={problems.length > 0}
          aria-describedby={problems.length > 0 ? problem : undefined}
          placeholder={chips.length > 0 ? "" : "Name, id, capability:test, label:team=core"}
          value={text}
          maxLength={200}
          onChange={(event) => onType(event.target.value)}
          onKeyDown={onKeyDown}
          className="min-w-24 grow bg-transparent px-1 py-0.25 outline-none placeholder:text-faint [&::-webkit-search-cancel-button]:appearance-none"
        />
        <kbd
          aria-hidden
          className="pointer-events-none absolute top-1/2 right-2 -translate-y-1/2 rounded-sm border border-line px-1 font-mono text-xs text-faint"
        >
          /
        </kbd>
      </div>
      {problems.length > 0 && (
        <p id={problem} role="alert" className="text-sm text-danger">
          {[...new Set(problems)].join(" ")}
        </p>
      )}
    </div>
  );
}

function Chip({ chip, onRemove }: { readonly chip: SearchTerm; readonly onRemove: () => void }) {
  const look =
    chip.kind === "wrong" ? "border-danger/50 bg-danger-soft text-danger" : "border-line bg-accent-soft text-ink";
  return (
    <span className={`inline-flex max-w-full items-center rounded-sm border font-mono text-xs leading-[18px] ${look}`}>
      <span className="truncate pl-1.5">{chip.raw}</span>
      <button
        type="button"
        aria-label={`Remove ${chip.raw}`}
        onClick={onRemove}
        className="px-1.5 text-muted hover:text-ink"
      >
        ×
      </button>
    </span>
  );
}
