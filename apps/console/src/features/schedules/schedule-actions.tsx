"use client";
import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { Button } from "#components/button.tsx";
import { Menu, MenuItem } from "#components/menu.tsx";
import { ReasonDialog } from "#components/reason-dialog.tsx";
import { TextField } from "#components/text-field.tsx";
import { MAY_NOT } from "#features/schedules/may-manage.ts";
import { FactsFragment } from "#features/schedules/schedule-facts.ts";
import { templateText } from "#features/schedules/template-text.ts";
import { useScheduleActions } from "#features/schedules/use-schedule-actions.ts";
import { type ProjectRoute, routes } from "#routes.ts";

/** Comes when it is asked for. */
const EditSchedule = dynamic(() =>
  import("#features/schedules/edit-schedule.tsx").then((module) => module.EditSchedule),
);

type Asked = "edit" | "pause" | "resume" | "trigger" | "delete";

interface ScheduleActionsProps {
  readonly project: ProjectRoute;
  readonly schedule: FragmentType<typeof FactsFragment>;
  readonly allowed: boolean;
}

/** What may be done with a schedule: run it now, pause or resume it, change it, delete it. */
export function ScheduleActions({ project, schedule: masked, allowed }: ScheduleActionsProps) {
  const router = useRouter();
  const { id, name, cron, timeZone, catchUp, task, paused, version } = readFragment(FactsFragment, masked);
  const { pause, resume, trigger, remove } = useScheduleActions(id, name);
  const [asked, setAsked] = useState<Asked | null>(null);
  const [typed, setTyped] = useState("");
  const close = () => setAsked(null);
  const button = { disabled: !allowed, title: allowed ? undefined : MAY_NOT };
  const dialog = (which: Asked) => ({ open: asked === which, onClose: close });
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Button {...button} onClick={() => setAsked("trigger")}>
        Run now
      </Button>
      <Button {...button} onClick={() => setAsked(paused ? "resume" : "pause")}>
        {paused ? "Resume" : "Pause"}
      </Button>
      <Button {...button} onClick={() => setAsked("edit")}>
        Edit
      </Button>
      {allowed && (
        <Menu trigger={<Button aria-label="More actions">⋯</Button>}>
          <MenuItem danger onSelect={() => setAsked("delete")}>
            Delete…
          </MenuItem>
        </Menu>
      )}
      {asked === "edit" && (
        <EditSchedule
          id={id}
          version={version}
          values={{ name, cron, timeZone, catchUp, task: templateText(task) }}
          onClose={close}
        />
      )}
      <ReasonDialog
        {...dialog("pause")}
        title={`Pause ${name}`}
        description="It creates no tasks until it is resumed. Those that are there are left alone."
        submit="Pause"
        act={(reason) => pause(reason)}
      />
      <ReasonDialog
        {...dialog("resume")}
        title={`Resume ${name}`}
        description="It goes on from now: times that passed meanwhile get no task."
        submit="Resume"
        act={(reason) => resume(reason)}
      />
      <ReasonDialog
        {...dialog("trigger")}
        title={`Run ${name} now`}
        description="Creates one task now, as at one of its times. Its times stay as they are."
        submit="Run now"
        act={(reason) => trigger(reason, (made) => router.push(routes.task(project, made)))}
      />
      <ReasonDialog
        {...dialog("delete")}
        title={`Delete ${name}`}
        description="It creates no more tasks, for good. The tasks that it has created stay and go on naming it. To stop it for a while, pause it."
        submit="Delete schedule"
        danger
        act={async (reason) => (typed === name ? remove(reason) : `Type its name, ${name}, to delete it.`)}
      >
        <TextField label={`Type ${name} to confirm`} value={typed} onChange={setTyped} required />
      </ReasonDialog>
    </div>
  );
}
