"use client";
import { type SyntheticEvent, useEffect, useState } from "react";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { Button } from "#components/button.tsx";
import { Dialog } from "#components/dialog.tsx";
import { Problem } from "#components/notice.tsx";
import { ReasonDialog } from "#components/reason-dialog.tsx";
import { TextField } from "#components/text-field.tsx";
import { countText } from "#features/queues/depth-words.ts";
import { FactsFragment } from "#features/queues/queue-facts.ts";
import { useQueueActions } from "#features/queues/use-queue-actions.ts";

export type QueueAction = "pause" | "resume" | "limit";

interface QueueDialogsProps {
  readonly projectId: string;
  readonly queue: FragmentType<typeof FactsFragment>;
  readonly asked: QueueAction | null;
  readonly onClose: () => void;
}

/** Pauses, resumes or limits a queue. */
export function QueueDialogs({ projectId, queue: masked, asked, onClose }: QueueDialogsProps) {
  const queue = readFragment(FactsFragment, masked);
  const { name, depth } = queue;
  const { pause, resume, limit } = useQueueActions(projectId, queue);
  const running = depth.running.count;
  return (
    <>
      <ReasonDialog
        title={`Pause queue ${name}`}
        description={`None of its tasks is handed out until it is resumed. ${running === 0 ? "None runs now." : `The ${running === 1 ? "one" : countText(depth.running)} that agents hold now ${running === 1 ? "goes" : "go"} on.`}`}
        submit="Pause"
        open={asked === "pause"}
        onClose={onClose}
        act={(reason) => pause(reason)}
      />
      <ReasonDialog
        title={`Resume queue ${name}`}
        description={`Its tasks are handed out again: ${countText(depth.ready)} in line now.`}
        submit="Resume"
        open={asked === "resume"}
        onClose={onClose}
        act={(reason) => resume(reason)}
      />
      <LimitDialog
        name={name}
        present={queue.maxRunning}
        running={running}
        open={asked === "limit"}
        onClose={onClose}
        act={(most) => limit(most)}
      />
    </>
  );
}

interface LimitDialogProps {
  readonly name: string;
  readonly present: number | null;
  readonly running: number;
  readonly open: boolean;
  readonly onClose: () => void;
  readonly act: (most: number | null) => Promise<string | null>;
}

function LimitDialog({ name, present, running, open, onClose, act }: LimitDialogProps) {
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    if (!open) return;
    setText(present === null ? "" : String(present));
    setProblem(null);
    // Only as it opens: what is typed stays when the queue changes meanwhile.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [open]);
  const send = async (event: SyntheticEvent) => {
    event.preventDefault();
    const refusal = await act(text.trim() === "" ? null : Number(text));
    setProblem(refusal);
    if (refusal === null) onClose();
  };
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={`Limit queue ${name}`}
      description={`How many of its tasks agents may hold at once. They hold ${running} now; what they hold is left to them.`}
    >
      <form onSubmit={(event) => void send(event)} className="grid gap-4">
        <TextField
          label="At most at once"
          type="number"
          value={text}
          onChange={setText}
          placeholder="any number"
          hint="1 to 1,000,000. Empty: any number."
        />
        {problem !== null && <Problem title={problem} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary">
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
