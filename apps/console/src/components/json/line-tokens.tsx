import { Fragment } from "react";
import { markedParts } from "#components/json/find-lines.ts";
import type { JsonLine } from "#components/json/json-lines.ts";

/** Longer texts are cut: one string may be the whole document. */
const LONGEST = 2_000;

interface LineTokensProps {
  readonly line: JsonLine;
  /** What is marked where it stands. */
  readonly search?: string;
}

/** The text of a line, its key and its value told apart by colour. */
export function LineTokens({ line, search = "" }: LineTokensProps) {
  const { name, content, depth } = line;
  const ends = content.endsWith(",");
  const value = ends ? content.slice(0, -1) : content;
  return (
    <>
      {"  ".repeat(depth)}
      {typeof name === "string" && (
        <>
          <Marked text={JSON.stringify(name)} search={search} />
          <span className="text-faint">: </span>
        </>
      )}
      <span className={lookOf(value)}>
        <Marked text={value.length > LONGEST ? value.slice(0, LONGEST) : value} search={search} />
      </span>
      {value.length > LONGEST && (
        <span className="font-sans text-muted">
          {" "}
          … {(value.length - LONGEST).toLocaleString("en-GB")} more characters
        </span>
      )}
      {ends && <span className="text-faint">,</span>}
    </>
  );
}

function lookOf(value: string): string {
  if (value.startsWith('"')) return "text-added-ink";
  if (/^[[\]{}]/.test(value)) return "text-faint";
  return /^[\d-]/.test(value) ? "text-accent" : "text-warning";
}

function Marked({ text, search }: { readonly text: string; readonly search: string }) {
  if (search === "") return text;
  return markedParts(text, search).map((part, index) =>
    part.found ? (
      <mark key={index} className="rounded-sm bg-warning-soft text-warning outline outline-warning/50">
        {part.text}
      </mark>
    ) : (
      <Fragment key={index}>{part.text}</Fragment>
    ),
  );
}
