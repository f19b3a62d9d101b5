"use client";
import dynamic from "next/dynamic";
import { useState } from "react";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import type { AgentAction } from "#api/generated/graphql.ts";
import { Button } from "#components/button.tsx";
import { Menu, MenuItem, MenuSeparator } from "#components/menu.tsx";
import { arranged, isDangerous } from "#features/agent/header/action-words.ts";
import { AGENT_ACTIONS } from "#lifecycles/agent-states.tsx";

/** Loaded when somebody comes near a button: most who look at an agent change nothing. */
const loadDialog = () => import("#features/agent/header/action-dialog.tsx").then((module) => module.ActionDialog);
const ActionDialog = dynamic(loadDialog, { ssr: false });

const ActionsFragment = graphql(`
  fragment AgentActions on Agent {
    id
    name
    availableActions
    ...ActionDialog
  }
`);

interface AgentActionsProps {
  readonly agent: FragmentType<typeof ActionsFragment>;
  /** What the reader may do. */
  readonly permissions: readonly string[];
}

/** What may be done with the agent now, as the API says. */
export function AgentActions({ agent: masked, permissions }: AgentActionsProps) {
  const agent = readFragment(ActionsFragment, masked);
  const [chosen, setChosen] = useState<AgentAction | null>(null);
  const [open, setOpen] = useState(false);
  const { buttons, menu } = arranged(agent.availableActions);
  const choose = (action: AgentAction) => {
    setChosen(action);
    setOpen(true);
  };
  return (
    <div
      className="flex flex-wrap items-center gap-2"
      onPointerEnter={() => void loadDialog()}
      onFocus={() => void loadDialog()}
    >
      {buttons.map((action) => (
        <Button key={action} onClick={() => choose(action)}>
          {AGENT_ACTIONS[action]}
        </Button>
      ))}
      {menu.length > 0 && (
        <Menu
          trigger={
            <Button aria-label="More actions" title="More actions">
              <span aria-hidden>⋯</span>
            </Button>
          }
        >
          {menu.map((action, index) => (
            <div key={action} role="none">
              {index > 0 && isDangerous(action) && !isDangerous(menu[index - 1] ?? action) && <MenuSeparator />}
              <MenuItem onSelect={() => choose(action)} danger={isDangerous(action)}>
                {AGENT_ACTIONS[action]}
              </MenuItem>
            </div>
          ))}
        </Menu>
      )}
      {agent.availableActions.length === 0 && (
        <span className="text-muted">
          {permissions.includes("agent.transition")
            ? "Nothing can be done with it any more."
            : "You may look, but not operate agents."}
        </span>
      )}
      {chosen !== null && (
        <ActionDialog key={chosen} agent={agent} action={chosen} open={open} onClose={() => setOpen(false)} />
      )}
    </div>
  );
}
