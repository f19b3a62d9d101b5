"use client";
import { useMutation } from "urql";
import { graphql } from "#api/generated/gql.ts";
import { refusalOf } from "#api/refusal.ts";
import { notifyDone } from "#components/notify.ts";

const Pause = graphql(`
  mutation PauseQueue($input: PauseQueueInput!) {
    pauseQueue(input: $input) {
      __typename
      ... on PauseQueueSuccess {
        data {
          ...QueueFacts
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
  mutation ResumeQueue($input: ResumeQueueInput!) {
    resumeQueue(input: $input) {
      __typename
      ... on ResumeQueueSuccess {
        data {
          ...QueueFacts
        }
      }
      ... on Error {
        code
        message
      }
    }
  }
`);

const Limit = graphql(`
  mutation LimitQueue($input: UpdateQueueInput!) {
    updateQueue(input: $input) {
      __typename
      ... on UpdateQueueSuccess {
        data {
          ...QueueFacts
        }
      }
      ... on Error {
        code
        message
      }
    }
  }
`);

interface Named {
  readonly name: string;
  readonly maxRunning: number | null;
}

/** What can be done with a queue. Each answers why it was not done, or null, and offers the way back. */
export function useQueueActions(projectId: string, { name, maxRunning }: Named) {
  const [, sendPause] = useMutation(Pause);
  const [, sendResume] = useMutation(Resume);
  const [, sendLimit] = useMutation(Limit);
  const at = { projectId, queue: name };

  const pause = async (reason: string, undoable = true): Promise<string | null> => {
    const { data, error } = await sendPause({ input: { ...at, reason } });
    const result = data?.pauseQueue;
    if (result?.__typename !== "PauseQueueSuccess") return refusalOf(result, error);
    notifyDone(`Queue ${name} is paused`, undoable ? () => resume("Undo of the pause", false) : null);
    return null;
  };
  const resume = async (reason: string, undoable = true): Promise<string | null> => {
    const { data, error } = await sendResume({ input: { ...at, ...(reason && { reason }) } });
    const result = data?.resumeQueue;
    if (result?.__typename !== "ResumeQueueSuccess") return refusalOf(result, error);
    notifyDone(`Queue ${name} is resumed`, undoable ? () => pause("Undo of the resumption", false) : null);
    return null;
  };
  const limit = async (most: number | null, undoable = true): Promise<string | null> => {
    const { data, error } = await sendLimit({ input: { ...at, maxRunning: most } });
    const result = data?.updateQueue;
    if (result?.__typename !== "UpdateQueueSuccess") return refusalOf(result, error);
    const title = most === null ? `Queue ${name} has no limit` : `Queue ${name} runs at most ${most} at once`;
    notifyDone(title, undoable && most !== maxRunning ? () => limit(maxRunning, false) : null);
    return null;
  };
  return { pause, resume, limit };
}
