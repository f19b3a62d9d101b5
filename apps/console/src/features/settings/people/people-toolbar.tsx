"use client";
import type { Role } from "#api/generated/graphql.ts";
import { Choice } from "#components/choice.tsx";
import { ROLE_WORDS } from "#components/role-words.ts";
import { SearchBox } from "#components/search-box.tsx";
import { SelectField } from "#components/select-field.tsx";
import { projectPath, type ProjectRoute, type SettingsView } from "#routes.ts";

interface PeopleToolbarProps {
  readonly project: ProjectRoute;
  readonly view: SettingsView;
  /** Whether they may see the people of the whole installation. */
  readonly everywhere: boolean;
  readonly change: (changes: SettingsView) => void;
}

/** Which people are listed. */
export function PeopleToolbar({ project, view, everywhere, change }: PeopleToolbarProps) {
  const all = view.of === "installation";
  return (
    <div className="flex flex-wrap items-center gap-2">
      {everywhere && (
        <Choice
          label="Whose people"
          options={{ workspace: "This workspace", installation: "Whole installation" }}
          value={all ? "installation" : "workspace"}
          onChange={(of) =>
            change({ of: of === "workspace" ? undefined : of, role: undefined, in: undefined, state: undefined })
          }
        />
      )}
      <div className="w-56">
        <SearchBox
          label="Search people"
          placeholder="Name or e-mail"
          value={view.search ?? ""}
          onSearch={(search) => change({ search: search || undefined })}
        />
      </div>
      {all ? (
        <div className="w-40">
          <SelectField
            label="State"
            labelHidden
            options={{ "": "Everybody", enabled: "Can sign in", disabled: "Disabled" }}
            value={view.state === "disabled" || view.state === "enabled" ? view.state : ""}
            onChange={(state) => change({ state: state || undefined })}
          />
        </div>
      ) : (
        <>
          <div className="w-36">
            <SelectField<Role | "">
              label="Role"
              labelHidden
              options={{ "": "Any role", ...ROLE_WORDS }}
              value={(view.role ?? "") as Role | ""}
              onChange={(role) => change({ role: role || undefined })}
            />
          </div>
          <div className="w-48">
            <SelectField
              label="Where"
              labelHidden
              options={{ "": `All of ${project.workspace}`, project: `Only ${projectPath(project)}` }}
              value={view.in === "project" ? "project" : ""}
              onChange={(place) => change({ in: place || undefined })}
            />
          </div>
        </>
      )}
    </div>
  );
}
