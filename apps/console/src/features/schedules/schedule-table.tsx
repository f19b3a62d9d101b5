import type { ComponentProps } from "react";
import { ListHead } from "#components/list-head.tsx";
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
      <ListHead columns={COLUMNS} tight />
      <tbody>
        {schedules.map((schedule) => (
          <ScheduleRow key={schedule.id} project={project} schedule={schedule} />
        ))}
      </tbody>
    </table>
  );
}
