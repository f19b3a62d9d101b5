"use client";
import { useMutation } from "urql";
import { graphql } from "#api/generated/gql.ts";
import { refusalOf } from "#api/refusal.ts";
import { notify, notifyDone } from "#components/notify.ts";

const Pause = graphql(`
  mutation PauseSchedule($input: PauseScheduleInput!) {
    pauseSchedule(input: $input) {
      __typename
      ... on PauseScheduleSuccess {
        data {
          ...ScheduleFacts
        }
      }
      ... on Error {
        code
        message
      }
    }
  }
`);

const Resume = graphql(`
  mutation ResumeSchedule($input: ResumeScheduleInput!) {
    resumeSchedule(input: $input) {
      __typename
      ... on ResumeScheduleSuccess {
        data {
          ...ScheduleFacts
        }
      }
      ... on Error {
        code
        message
      }
    }
  }
`);

const Trigger = graphql(`
  mutation TriggerSchedule($input: TriggerScheduleInput!) {
    triggerSchedule(input: $input) {
      __typename
      ... on TriggerScheduleSuccess {
        data {
          id
          state
        }
      }
      ... on Error {
        code
        message
      }
    }
  }
`);

const Delete = graphql(`
  mutation DeleteSchedule($input: DeleteScheduleInput!) {
    deleteSchedule(input: $input) {
      __typename
      ... on DeleteScheduleSuccess {
        data {
          ...ScheduleFacts
        }
      }
      ... on Error {
        code
        message
      }
    }
  }
`);

/** What can be done with a schedule. Each answers why it was not done, or null; pausing and resuming offer the way back. */
export function useScheduleActions(id: string, name: string) {
  const [, sendPause] = useMutation(Pause);
  const [, sendResume] = useMutation(Resume);
  const [, sendTrigger] = useMutation(Trigger);
  const [, sendDelete] = useMutation(Delete);

  const pause = async (reason: string, undoable = true): Promise<string | null> => {
    const { data, error } = await sendPause({ input: { scheduleId: id, reason } });
    const result = data?.pauseSchedule;
    if (result?.__typename !== "PauseScheduleSuccess") return refusalOf(result, error);
    notifyDone(`${name} is paused`, undoable ? () => resume("Undo of the pause", false) : null);
    return null;
  };
  const resume = async (reason: string, undoable = true): Promise<string | null> => {
    const { data, error } = await sendResume({ input: { scheduleId: id, ...(reason && { reason }) } });
    const result = data?.resumeSchedule;
    if (result?.__typename !== "ResumeScheduleSuccess") return refusalOf(result, error);
    notifyDone(`${name} is resumed`, undoable ? () => pause("Undo of the resumption", false) : null);
    return null;
  };
  const trigger = async (reason: string, open: (task: string) => void): Promise<string | null> => {
    const { data, error } = await sendTrigger({ input: { scheduleId: id, ...(reason && { reason }) } });
    const result = data?.triggerSchedule;
    if (result?.__typename !== "TriggerScheduleSuccess") return refusalOf(result, error);
    const task = result.data.id;
    notify({ title: `A task of ${name} is created`, action: { name: "Show it", act: () => open(task) } });
    return null;
  };
  const remove = async (reason: string): Promise<string | null> => {
    const { data, error } = await sendDelete({ input: { scheduleId: id, reason } });
    const result = data?.deleteSchedule;
    if (result?.__typename !== "DeleteScheduleSuccess") return refusalOf(result, error);
    notify({ title: `${name} is deleted` });
    return null;
  };
  return { pause, resume, trigger, remove };
}
