"use client";
import { type SyntheticEvent, useMemo, useState } from "react";
import { Button } from "#components/button.tsx";
import { Choice } from "#components/choice.tsx";
import { jsonText } from "#components/json/json-lines.ts";
import { notify } from "#components/notify.ts";
import { JsonEditor } from "#components/schema-form/json-editor.tsx";
import type { JsonProblem } from "#components/schema-form/json-problem.ts";
import { TextArea } from "#components/text-area.tsx";
import { useContextView } from "#features/contexts/context-view.tsx";
import { type Draft, useWrite, type WriteRefusal } from "#features/contexts/use-write.ts";
import { WritePreview } from "#features/contexts/write-preview.tsx";
import { WriteRefused } from "#features/contexts/write-refused.tsx";
import { writtenData, type WriteKind } from "#features/contexts/written-data.ts";

const KINDS: Readonly<Record<WriteKind, string>> = { data: "Whole data", mergePatch: "Merge patch", patch: "Patch" };
const HINTS: Readonly<Record<WriteKind, string>> = {
  data: "All of it, as JSON.",
  mergePatch: "RFC 7396: members replace those that are there, null removes them.",
  patch: "RFC 6902: operations add, remove, replace, move, copy and test.",
};
/** Larger data is changed by a patch at first: an editor with all of it would be slow. */
const MUCH_TEXT = 300_000;

interface WriteFormProps {
  readonly base: { readonly number: number; readonly data: unknown };
  readonly newest: number;
  readonly onBase: (number: number) => void;
  readonly onClose: () => void;
}

/** The text, then what it changes and the message. What was refused is explained, with ways on. */
export function WriteForm({ base, newest, onBase, onClose }: WriteFormProps) {
  const { open } = useContextView();
  const { write, fetching } = useWrite();
  const whole = useMemo(() => jsonText(base.data), [base.data]);
  const [kind, setKind] = useState<WriteKind>(whole.length > MUCH_TEXT ? "mergePatch" : "data");
  const [texts, setTexts] = useState<Partial<Record<WriteKind, string>>>({});
  const text = texts[kind] ?? { data: whole, mergePatch: "{\n  \n}", patch: "[\n  \n]" }[kind];
  const [problem, setProblem] = useState<JsonProblem | null>(null);
  const [preview, setPreview] = useState<{ given: unknown; data: unknown } | null>(null);
  const [message, setMessage] = useState("");
  const [refusal, setRefusal] = useState<WriteRefusal | null>(null);

  const look = () => {
    const written = writtenData(kind, text, base.data);
    setProblem("problem" in written ? written.problem : null);
    setPreview("problem" in written ? null : written);
  };
  const send = async (given: unknown, merge: boolean) => {
    if (fetching) return;
    setRefusal(null);
    const draft: Draft = { kind, given, base: base.number, message: message.trim() };
    const answer = await write(draft, merge);
    if ("kind" in answer) return setRefusal(answer);
    notify({
      title: `Version ${answer.number} was written`,
      ...(answer.merged && { description: "It was merged with what others have written meanwhile." }),
    });
    open({});
    onClose();
  };
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (preview) void send(preview.given, false);
    else look();
  };
  return (
    <form onSubmit={submit} className="grid min-w-0 gap-4">
      {preview === null ? (
        <>
          <div>
            <Choice label="Write as" options={KINDS} value={kind} onChange={setKind} />
          </div>
          <JsonEditor
            label={KINDS[kind]}
            text={text}
            onChange={(changed) => {
              setTexts({ ...texts, [kind]: changed });
              setProblem(null);
            }}
            problem={problem}
            hint={HINTS[kind]}
            rows={[14, 24]}
          />
        </>
      ) : (
        <>
          <WritePreview before={base.data} after={preview.data} />
          <TextArea
            label="Message"
            value={message}
            onChange={setMessage}
            maxLength={1_000}
            hint="Why, for those who come after you."
          />
        </>
      )}
      {refusal !== null && (
        <WriteRefused
          refusal={refusal}
          base={base.number}
          newest={newest}
          onMerge={() => preview && void send(preview.given, true)}
          onRebase={(number, keepText) => {
            setRefusal(null);
            setPreview(null);
            setTexts(keepText ? { ...texts, [kind]: text } : {});
            onBase(number);
          }}
        />
      )}
      <div className="flex justify-end gap-2">
        {preview === null ? (
          <Button onClick={onClose}>Cancel</Button>
        ) : (
          <Button
            onClick={() => {
              setPreview(null);
              setRefusal(null);
            }}
          >
            Back
          </Button>
        )}
        {/* Where another version is in the way, writing goes on by one of the ways above. */}
        {refusal?.kind !== "conflict" && refusal?.kind !== "rolled-back" && (
          <Button type="submit" look="primary" disabled={fetching}>
            {preview === null ? "Look at the changes" : `Write version ${base.number + 1}`}
          </Button>
        )}
      </div>
    </form>
  );
}
