"use client";
import { useState } from "react";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import type { AgentAction } from "#api/generated/graphql.ts";
import { Button } from "#components/button.tsx";
import { Menu, MenuItem, MenuSeparator } from "#components/menu.tsx";
import { ActionDialog } from "#features/agent/action-dialog.tsx";
import { arranged, isDangerous } from "#features/agent/action-words.ts";
import { AGENT_ACTIONS } from "#lifecycles/agent-states.tsx";

const ActionsFragment = graphql(`
  fragment AgentActions on Agent {
    id
    name
    availableActions
    ...ActionDialog
  }
`);

/** What may be done with the agent now, as the API says. */
export function AgentActions({ agent: masked }: { readonly agent: FragmentType<typeof ActionsFragment> }) {
  const agent = readFragment(ActionsFragment, masked);
  const [chosen, setChosen] = useState<AgentAction | null>(null);
  const [open, setOpen] = useState(false);
  const [done, setDone] = useState("");
  const { buttons, menu } = arranged(agent.availableActions);
  const choose = (action: AgentAction) => {
    setChosen(action);
    setDone("");
    setOpen(true);
  };
  return (
    <div className="flex flex-wrap items-center gap-2">
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
      {agent.availableActions.length === 0 && <span className="text-muted">Nothing can be done with it now.</span>}
      {chosen !== null && (
        <ActionDialog
          key={chosen}
          agent={agent}
          action={chosen}
          open={open}
          onClose={(confirmation) => {
            setOpen(false);
            setDone(confirmation ?? "");
          }}
        />
      )}
      <span role="status" className="sr-only">
        {done}
      </span>
    </div>
  );
}
