import type { ComponentProps } from "react";
import { ScheduleRow } from "#features/schedules/schedule-row.tsx";
import type { ProjectRoute } from "#routes.ts";

/** Each with what narrow windows do with it. */
const COLUMNS = [
  ["Schedule", ""],
  ["When", "hidden sm:table-cell"],
  ["Next run", ""],
  ["Last run", ""],
] as const;

interface ScheduleTableProps {
  readonly project: ProjectRoute;
  readonly schedules: readonly ({ readonly id: string } & ComponentProps<typeof ScheduleRow>["schedule"])[];
}

export function ScheduleTable({ project, schedules }: ScheduleTableProps) {
  return (
    <table className="w-full text-left">
      <thead>
        <tr>
          {COLUMNS.map(([name, look]) => (
            <th
              key={name}
              scope="col"
              className={`px-4 py-2 text-sm font-medium whitespace-nowrap text-faint max-sm:px-2 max-sm:first:pl-4 ${look}`}
            >
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {schedules.map((schedule) => (
          <ScheduleRow key={schedule.id} project={project} schedule={schedule} />
        ))}
      </tbody>
    </table>
  );
}
