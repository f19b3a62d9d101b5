"use client";
import type { ActorKind } from "#api/generated/graphql.ts";
import { shortId } from "#components/copyable-id.tsx";
import { SearchBox } from "#components/search-box.tsx";
import { SelectField } from "#components/select-field.tsx";
import { AUDIT_KINDS } from "#events/filter/event-kinds.ts";
import { KindChips } from "#events/filter/kind-chips.tsx";
import { TimeChoice } from "#events/filter/time-choice.tsx";
import type { SettingsView } from "#routes.ts";

const ACTORS: Readonly<Record<ActorKind, string>> = {
  USER: "By people",
  API_KEY: "By programs",
  AGENT: "By agents",
  SYSTEM: "By Muster itself",
};

interface AuditToolbarProps {
  readonly view: SettingsView;
  readonly change: (changes: SettingsView) => void;
}

/** Which entries are listed. */
export function AuditToolbar({ view, change }: AuditToolbarProps) {
  const { show, actor, search, from, to } = view;
  const control = {
    view: { show, search, from, to },
    change: (changes: SettingsView) => change({ ...changes, entry: undefined }),
  };
  const tokens = [
    ["by", view.by, "By"],
    ["credential", view.credential, "With"],
    ["address", view.address, "From"],
    ["subject", view.subject, "About"],
  ] as const;
  return (
    <div className="grid gap-2">
      <div className="flex flex-wrap items-center gap-2">
        <SearchBox
          label="Search the audit log"
          placeholder="Reason, name or text"
          value={search ?? ""}
          onSearch={(text) => control.change({ search: text || undefined })}
        />
        <div className="w-40">
          <SelectField<ActorKind | "">
            label="By whom"
            labelHidden
            options={{ "": "By anyone", ...ACTORS }}
            value={(actor ?? "") as ActorKind | ""}
            onChange={(kind) => control.change({ actor: kind || undefined })}
          />
        </div>
        <TimeChoice control={control} />
        {tokens.map(
          ([name, value, word]) =>
            value !== undefined && (
              <button
                key={name}
                type="button"
                title={value}
                aria-label={`Take back: ${word} ${value}`}
                onClick={() => control.change({ [name]: undefined })}
                className="inline-flex items-center gap-1.5 rounded-full border border-accent bg-accent-soft py-0.75 pr-2 pl-2.5 whitespace-nowrap"
              >
                {word} {shortId(value)} <span aria-hidden>✕</span>
              </button>
            ),
        )}
      </div>
      <KindChips kinds={AUDIT_KINDS} control={control} />
    </div>
  );
}
