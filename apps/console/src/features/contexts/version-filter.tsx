"use client";
import { SearchBox } from "#components/search-box.tsx";
import { SelectField } from "#components/select-field.tsx";
import { useContextView } from "#features/contexts/context-view.tsx";

interface VersionFilterProps {
  readonly authors: readonly { readonly id: string; readonly name: string }[];
}

/** What the list of versions is narrowed to: the address has it. */
export function VersionFilter({ authors }: VersionFilterProps) {
  const { view, adjust } = useContextView();
  return (
    <>
      <SearchBox
        label="Search messages"
        placeholder="Part of the message"
        value={view.message ?? ""}
        onSearch={(message) => adjust({ message: message || undefined })}
      />
      <div className="grid grid-cols-2 gap-2">
        <SelectField
          label="Written by"
          labelHidden
          options={{
            "": "By anybody",
            agents: "By agents",
            keys: "By programs",
            people: "By people",
            muster: "By Muster",
            ...Object.fromEntries(authors.map(({ id, name }) => [id, name])),
          }}
          value={view.author ?? ""}
          onChange={(author) => adjust({ author: author || undefined })}
        />
        <SelectField
          label="Which versions"
          labelHidden
          options={{ "": "All versions", held: "Held", pinned: "Pinned", rollbacks: "Rollbacks" }}
          value={view.only ?? ""}
          onChange={(only) => adjust({ only: only || undefined })}
        />
      </div>
    </>
  );
}
