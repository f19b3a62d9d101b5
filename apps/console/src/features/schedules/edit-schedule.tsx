"use client";
import { useState } from "react";
import { useMutation } from "urql";
import { graphql } from "#api/generated/gql.ts";
import type { UpdateScheduleInput } from "#api/generated/graphql.ts";
import { NO_ISSUES } from "#api/input-issues.ts";
import { type Refusal, wholeRefusalOf } from "#api/refusal.ts";
import { Dialog } from "#components/dialog.tsx";
import { notify } from "#components/notify.ts";
import { ScheduleFields } from "#features/schedules/schedule-fields.tsx";
import type { ScheduleValues } from "#features/schedules/schedule-form.ts";

const Update = graphql(`
  mutation UpdateSchedule($input: UpdateScheduleInput!) {
    updateSchedule(input: $input) {
      __typename
      ... on UpdateScheduleSuccess {
        data {
          ...ScheduleFacts
        }
      }
      ... on Error {
        code
        message
      }
      ... on InvalidInput {
        issues {
          path
          message
        }
      }
    }
  }
`);

interface EditScheduleProps {
  readonly id: string;
  readonly version: number;
  readonly values: ScheduleValues;
  readonly onClose: () => void;
}

/** Changes a schedule, as long as it is still what was shown when the dialog was opened. */
export function EditSchedule({ id, ...given }: EditScheduleProps) {
  const { onClose } = given;
  const [, update] = useMutation(Update);
  const [{ version, values }] = useState(given);
  const submit = async (
    { name, cron, timeZone, catchUp, task: text }: ScheduleValues,
    task: unknown,
  ): Promise<Refusal | null> => {
    const input: UpdateScheduleInput = {
      scheduleId: id,
      expectedVersion: version,
      ...(name !== values.name && { name }),
      ...(cron !== values.cron && { cron }),
      ...(timeZone !== values.timeZone && { timeZone }),
      ...(catchUp !== values.catchUp && { catchUp }),
      // What a template may hold is for the API to say: it names each thing that is wrong.
      ...(text !== values.task && { task: task as NonNullable<UpdateScheduleInput["task"]> }),
    };
    const { data, error } = await update({ input });
    const result = data?.updateSchedule;
    if (result?.__typename === "UpdateScheduleSuccess") {
      notify({ title: `${name} is changed` });
      onClose();
      return null;
    }
    if (result?.__typename === "Conflict") {
      return {
        message: "Somebody else has changed it meanwhile. Close this, look at what it is now, and edit that.",
        issues: NO_ISSUES,
      };
    }
    return wholeRefusalOf(result, error);
  };
  return (
    <Dialog
      open
      onOpenChange={(next) => !next && onClose()}
      title={`Edit ${values.name}`}
      description="With another expression or time zone it goes on from now. Tasks that are there stay as they are."
      wide
    >
      <ScheduleFields initial={values} submit="Save" onSubmit={submit} onCancel={onClose} />
    </Dialog>
  );
}
