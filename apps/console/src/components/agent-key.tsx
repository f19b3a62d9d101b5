"use client";
import { type ReactNode, useId } from "react";
import { Button } from "#components/button.tsx";
import { CopyButton } from "#components/copy-button.tsx";
import { ShownOnce } from "#components/shown-once.tsx";

interface AgentKeyProps {
  readonly agentId: string;
  readonly secret: string;
  readonly onDone: () => void;
  /** Where else to go from here. */
  readonly children?: ReactNode;
}

/** The key of an agent, which nobody can look up later, and how its process is started with it. */
export function AgentKey({ agentId, secret, onDone, children }: AgentKeyProps) {
  const startLabel = useId();
  const start = [
    `export MUSTER_URL=${window.location.origin}`,
    `export MUSTER_AGENT_ID=${agentId}`,
    `export MUSTER_AGENT_KEY=${secret}`,
    "# then start the agent's process, for example:",
    "node src/main.ts",
  ].join("\n");
  return (
    <div className="grid gap-4">
      <ShownOnce label="Key" secret={secret}>
        Store it where the agent’s process reads its secrets. If it is lost, rotate it in the settings.
      </ShownOnce>
      <div className="grid gap-1.5">
        <div className="flex items-center justify-between gap-2">
          <span id={startLabel} className="font-[550]">
            Start its process
          </span>
          <CopyButton text={() => start}>commands</CopyButton>
        </div>
        <pre
          tabIndex={0}
          role="region"
          aria-labelledby={startLabel}
          className="overflow-x-auto rounded-md border border-line bg-sunken p-3 font-mono text-xs leading-5"
        >
          {start}
        </pre>
        <p className="text-sm text-faint">
          The process connects, says what it can do, and is given work. The SDK reads these variables; without it, see
          “An agent without the SDK” in the documentation.
        </p>
      </div>
      <div className="flex flex-wrap justify-end gap-2">
        {children}
        <Button look="primary" onClick={onDone}>
          I have stored it
        </Button>
      </div>
    </div>
  );
}
