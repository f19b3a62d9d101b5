"use client";
import dynamic from "next/dynamic";
import { useState } from "react";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { Button } from "#components/button.tsx";
import { Menu, MenuItem, MenuSeparator } from "#components/menu.tsx";
import { DeleteDialog } from "#features/webhooks/delete-dialog.tsx";
import { FilterFactsFragment } from "#features/webhooks/filter-facts.ts";
import { formOf } from "#features/webhooks/filter-form.ts";
import { PauseDialog, ResumeDialog } from "#features/webhooks/pause-dialogs.tsx";
import { ReplayDialog } from "#features/webhooks/replay-dialog.tsx";
import { RotateDialog } from "#features/webhooks/rotate-dialog.tsx";
import type { ProjectRoute } from "#routes.ts";

/** Comes when it is asked for. */
const EditDialog = dynamic(() => import("#features/webhooks/edit-dialog.tsx").then((module) => module.EditDialog));

const ActionsFragment = graphql(`
  fragment WebhookActions on Webhook {
    id
    name
    url
    state
    version
    pendingDeliveries
    filter {
      ...FilterFacts
    }
  }
`);

type Asked = "edit" | "pause" | "resume" | "replay" | "rotate" | "delete";

interface WebhookActionsProps {
  readonly project: ProjectRoute;
  readonly webhook: FragmentType<typeof ActionsFragment>;
  /** A test is under way. */
  readonly testing: boolean;
  readonly onTest: () => void;
  readonly onDeleted: () => void;
}

/** What may be done with the webhook now. */
export function WebhookActions({ project, webhook: masked, testing, onTest, onDeleted }: WebhookActionsProps) {
  const webhook = readFragment(ActionsFragment, masked);
  const [asked, setAsked] = useState<Asked | null>(null);
  const [edited, setEdited] = useState(false);
  const dialog = (name: Asked) => ({ webhook, open: asked === name, onClose: () => setAsked(null) });
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Button disabled={testing} onClick={onTest}>
        {testing ? "Testing…" : "Send a test"}
      </Button>
      <Button
        onClick={() => {
          setEdited(true);
          setAsked("edit");
        }}
      >
        Edit
      </Button>
      {webhook.state === "ACTIVE" ? (
        <Button onClick={() => setAsked("pause")}>Pause</Button>
      ) : (
        <Button look="primary" onClick={() => setAsked("resume")}>
          Resume
        </Button>
      )}
      <Menu
        trigger={
          <Button aria-label="More actions" title="More actions">
            <span aria-hidden>⋯</span>
          </Button>
        }
      >
        <MenuItem onSelect={() => setAsked("replay")}>Replay</MenuItem>
        <MenuItem onSelect={() => setAsked("rotate")}>Rotate secret</MenuItem>
        <MenuSeparator />
        <MenuItem danger onSelect={() => setAsked("delete")}>
          Delete
        </MenuItem>
      </Menu>
      {edited && (
        <EditDialog
          project={project}
          webhook={webhook.id}
          version={webhook.version}
          values={{
            name: webhook.name,
            url: webhook.url,
            filter: formOf(readFragment(FilterFactsFragment, webhook.filter)),
          }}
          open={asked === "edit"}
          onClose={() => setAsked(null)}
        />
      )}
      <PauseDialog {...dialog("pause")} />
      <ResumeDialog {...dialog("resume")} />
      <ReplayDialog {...dialog("replay")} pending={webhook.pendingDeliveries} />
      <RotateDialog {...dialog("rotate")} />
      <DeleteDialog {...dialog("delete")} onDeleted={onDeleted} />
    </div>
  );
}
