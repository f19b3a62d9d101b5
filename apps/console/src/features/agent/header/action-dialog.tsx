"use client";
import { type SyntheticEvent, useEffect, useRef, useState } from "react";
import { useMutation } from "urql";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import type { AgentAction, TransitionMode } from "#api/generated/graphql.ts";
import { Button } from "#components/button.tsx";
import { Dialog } from "#components/dialog.tsx";
import { Problem } from "#components/notice.tsx";
import { notify } from "#components/notify.ts";
import { TextArea } from "#components/text-area.tsx";
import { ACTION_MEANS, isDangerous, isFinal } from "#features/agent/header/action-words.ts";
import { NameConfirmation } from "#features/agent/header/name-confirmation.tsx";
import { focusSummary } from "#features/agent/header/agent-summary.tsx";
import { useTakeBack } from "#features/agent/header/use-take-back.ts";
import { WhenChoice } from "#features/agent/header/when-choice.tsx";
import { becomesText, canWait } from "#events/drain-words.ts";
import { AGENT_ACTIONS, AGENT_STATES } from "#lifecycles/agent-states.tsx";

const DialogFragment = graphql(`
  fragment ActionDialog on Agent {
    id
    name
    state
    activeTasks
    availableActions
  }
`);

const Transition = graphql(`
  mutation TransitionAgent($input: TransitionAgentInput!) {
    transitionAgent(input: $input) {
      __typename
      ... on TransitionAgentSuccess {
        data {
          id
          state
          pendingAction
          ...LiveAgent
        }
      }
      ... on Error {
        code
        message
      }
    }
  }
`);

interface ActionDialogProps {
  readonly agent: FragmentType<typeof DialogFragment>;
  readonly action: AgentAction;
  readonly open: boolean;
  readonly onClose: () => void;
}

/** Asks for the reason of an action, and does it. Says so when the agent has moved since it was opened. */
export function ActionDialog({ agent: masked, action, open, onClose }: ActionDialogProps) {
  const agent = readFragment(DialogFragment, masked);
  const word = AGENT_ACTIONS[action];
  const [{ fetching }, transition] = useMutation(Transition);
  const [reason, setReason] = useState("");
  const [mode, setMode] = useState<TransitionMode>("DRAIN");
  const [typedName, setTypedName] = useState("");
  const [openedIn, setOpenedIn] = useState(agent.state);
  const [problem, setProblem] = useState<{ title: string; text?: string } | null>(null);
  const takeBack = useTakeBack();
  const done = useRef(false);
  const waits = canWait(action) && agent.state === "BUSY";
  const incomplete = isFinal(action) && typedName !== agent.name;

  useEffect(() => {
    if (!open) return;
    done.current = false;
    setProblem(null);
    setTypedName("");
    setMode("DRAIN");
  }, [open]);
  useEffect(() => {
    if (!open) setOpenedIn(agent.state);
  }, [open, agent.state]);

  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    if (fetching || incomplete) return;
    setProblem(null);
    const { data, error } = await transition({
      input: {
        agentId: agent.id,
        action,
        reason: reason.trim(),
        // What is done is what was seen: if the agent moves in this very moment, the person decides anew.
        expectedState: agent.state,
        ...(waits && { mode }),
      },
    });
    const result = data?.transitionAgent;
    if (result?.__typename === "TransitionAgentSuccess") {
      setReason("");
      done.current = true;
      const { state, pendingAction } = result.data;
      const pending = pendingAction !== null;
      const back = takeBack({ agentId: agent.id, action, from: agent.state, to: state, pending });
      notify({
        title: pending
          ? `${agent.name} will be ${becomesText(action)} when its running tasks have ended`
          : `${agent.name} is ${AGENT_STATES[state].word} now`,
        ...(back && { action: back }),
      });
      onClose();
    } else if (result) setProblem({ title: result.message });
    else if (error?.networkError) {
      setProblem({
        title: "Muster cannot be reached",
        text: "Whether it was done is not certain: look at the state above once the page is live, then try again.",
      });
    } else setProblem({ title: error?.graphQLErrors[0]?.message ?? "It did not work. Try again." });
  };

  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={`${word} ${agent.name}`}
      description={ACTION_MEANS[action]}
      // Done, the button may be gone with the state that it was for.
      finalFocus={() => (done.current ? focusSummary() : null)}
    >
      <form onSubmit={(event) => void submit(event)} className="grid gap-4">
        {agent.state !== openedIn && (
          <p className="rounded-md bg-warning-soft px-3 py-2 text-warning">
            It was {AGENT_STATES[openedIn].word} when you opened this, and is {AGENT_STATES[agent.state].word} now.
            {!agent.availableActions.includes(action) && ` ${word} is no longer possible.`}
          </p>
        )}
        {waits && <WhenChoice mode={mode} onChange={setMode} activeTasks={agent.activeTasks} />}
        <TextArea
          label="Reason"
          value={reason}
          onChange={setReason}
          hint="It stands in the timeline, for those who come after you."
          required
        />
        {isFinal(action) && <NameConfirmation name={agent.name} value={typedName} onChange={setTypedName} />}
        {problem && <Problem title={problem.title}>{problem.text}</Problem>}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look={isDangerous(action) ? "danger" : "primary"} disabled={incomplete || fetching}>
            {word}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
