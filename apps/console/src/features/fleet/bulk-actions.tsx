"use client";
import { useState } from "react";
import { BulkDialog, type BulkRequest } from "#bulk/bulk-dialog.tsx";
import type { AgentAction, AgentFilter } from "#api/generated/graphql.ts";
import { Button } from "#components/button.tsx";
import { Menu, MenuItem } from "#components/menu.tsx";
import { SelectionBar } from "#components/table/selection-bar.tsx";
import type { TableSelection } from "#components/table/use-selection.ts";
import { AGENT_ACTIONS } from "#lifecycles/agent-states.tsx";
import type { ProjectRoute } from "#routes.ts";

interface BulkActionsProps {
  readonly project: ProjectRoute;
  /** prj_… */
  readonly projectId: string;
  readonly selection: TableSelection;
  /** What the list shows: all of it may be chosen. */
  readonly filter: AgentFilter;
  readonly total: number;
  readonly totalIsCapped: boolean;
}

const FIRST: readonly AgentAction[] = ["SUSPEND", "RESUME", "RESTART"];
const MORE: readonly AgentAction[] = ["START", "MAINTAIN", "STOP"];

/** What can be done with the chosen agents together, for those who may move agents. Each action says first what it would do. */
export function BulkActions(props: BulkActionsProps) {
  const { project, projectId, selection, filter, total, totalIsCapped } = props;
  const [request, setRequest] = useState<BulkRequest | null>(null);
  const ask = (action: AgentAction) => {
    const { all, ids } = selection.chosen;
    const whole = Object.keys(filter).length === 0;
    setRequest({
      what: "agents",
      action,
      filter: all ? filter : { ids: [...ids] },
      ...(all && whole && { all: true }),
    });
  };
  return (
    <>
      <SelectionBar selection={selection} total={total} totalIsCapped={totalIsCapped} words={["agent", "agents"]}>
        {FIRST.map((action) => (
          <Button key={action} onClick={() => ask(action)}>
            {AGENT_ACTIONS[action]}
          </Button>
        ))}
        <Menu
          trigger={
            <Button>
              More actions
              <span aria-hidden>⌄</span>
            </Button>
          }
        >
          {MORE.map((action) => (
            <MenuItem key={action} danger={action === "STOP"} onSelect={() => ask(action)}>
              {AGENT_ACTIONS[action]}
            </MenuItem>
          ))}
        </Menu>
      </SelectionBar>
      <BulkDialog
        project={project}
        projectId={projectId}
        request={request}
        onClose={() => setRequest(null)}
        onStarted={selection.clear}
      />
    </>
  );
}
