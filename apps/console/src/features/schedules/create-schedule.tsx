"use client";
import { useMutation } from "urql";
import { graphql } from "#api/generated/gql.ts";
import type { CreateScheduleInput } from "#api/generated/graphql.ts";
import { type Refusal, wholeRefusalOf } from "#api/refusal.ts";
import { Dialog } from "#components/dialog.tsx";
import { notify } from "#components/notify.ts";
import { ScheduleFields } from "#features/schedules/schedule-fields.tsx";
import { NEW_SCHEDULE, type ScheduleValues } from "#features/schedules/schedule-form.ts";

const Create = graphql(`
  mutation CreateSchedule($input: CreateScheduleInput!) {
    createSchedule(input: $input) {
      __typename
      ... on CreateScheduleSuccess {
        data {
          id
          name
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

interface CreateScheduleProps {
  readonly projectId: string;
  readonly open: boolean;
  /** With the id of the schedule that was made, or null when it was left. */
  readonly onClose: (created: string | null) => void;
}

/** Makes a schedule. */
export function CreateSchedule({ projectId, open, onClose }: CreateScheduleProps) {
  const [, create] = useMutation(Create);
  const submit = async ({ name, cron, timeZone, catchUp }: ScheduleValues, task: unknown): Promise<Refusal | null> => {
    // What a template may hold is for the API to say: it names each thing that is wrong.
    const input = { projectId, name, cron, timeZone, catchUp, task: task as CreateScheduleInput["task"] };
    const { data, error } = await create({ input });
    const result = data?.createSchedule;
    if (result?.__typename === "CreateScheduleSuccess") {
      notify({ title: `${result.data.name} is created` });
      onClose(result.data.id);
      return null;
    }
    return wholeRefusalOf(result, error);
  };
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose(null)}
      title="Create schedule"
      description="Creates a task at each of its times, from now on."
      wide
    >
      <ScheduleFields
        initial={NEW_SCHEDULE}
        submit="Create schedule"
        onSubmit={submit}
        onCancel={() => onClose(null)}
      />
    </Dialog>
  );
}
