"use client";
import Link from "next/link";
import { useState } from "react";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { AgentKey } from "#components/agent-key.tsx";
import { buttonClass } from "#components/button.tsx";
import { Dialog } from "#components/dialog.tsx";
import { RegisterForm } from "#features/definitions/register-form.tsx";
import { RegisterFragment } from "#features/definitions/register-fragment.ts";
import { type ProjectRoute, routes } from "#routes.ts";

interface RegisterDialogProps {
  readonly project: ProjectRoute;
  readonly projectId: string;
  readonly definition: FragmentType<typeof RegisterFragment>;
  readonly open: boolean;
  readonly onClose: () => void;
}

interface Registered {
  readonly id: string;
  readonly name: string;
  readonly key: string;
}

/** Registers an agent, and shows the key of its process: this once. */
export function RegisterDialog({ project, projectId, definition: masked, open, onClose }: RegisterDialogProps) {
  const definition = readFragment(RegisterFragment, masked);
  const [registered, setRegistered] = useState<Registered | null>(null);
  const [times, setTimes] = useState(0);
  if (registered !== null) {
    const done = () => {
      setRegistered(null);
      setTimes(times + 1);
      onClose();
    };
    return (
      // Not closed by Escape or a click beside it: the key would be lost.
      <Dialog
        open={open}
        onOpenChange={() => {}}
        title={`${registered.name} is registered`}
        description="It is there, and waits for its process."
      >
        <AgentKey agentId={registered.id} secret={registered.key} onDone={done}>
          <Link href={routes.agent(project, registered.id)} prefetch={false} className={buttonClass()}>
            Open the agent
          </Link>
        </AgentKey>
      </Dialog>
    );
  }
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title="Register agent"
      description={`A ${definition.name}, with version ${definition.version} of its definition.`}
    >
      <RegisterForm
        key={`${definition.version} ${times}`}
        projectId={projectId}
        slug={definition.slug}
        configSchema={definition.configSchema}
        onRegistered={setRegistered}
        onCancel={onClose}
      />
    </Dialog>
  );
}
