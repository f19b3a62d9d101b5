"use client";
import dynamic from "next/dynamic";
import { useState } from "react";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { Card } from "#components/card.tsx";
import { Empty } from "#components/notice.tsx";
import { ContextActions } from "#features/contexts/context-actions.tsx";
import { ContextFacts, ContextFactsFragment } from "#features/contexts/context-facts.tsx";
import { ContextHeader } from "#features/contexts/context-header.tsx";
import { useContextView } from "#features/contexts/context-view.tsx";
import { droppedAgents } from "#features/contexts/dropped-agents.ts";
import { ShownPart } from "#features/contexts/shown-part.tsx";
import { LiveContextFragment } from "#features/contexts/use-context.ts";
import { VerificationFindings } from "#features/contexts/verification-findings.tsx";
import { VersionList } from "#features/contexts/version-list.tsx";

/** These come once the page is there, the first where there was a rollback. */
const RollbackPanel = dynamic(() =>
  import("#features/contexts/rollback-panel.tsx").then((module) => module.RollbackPanel),
);
const RollBackDialog = dynamic(() =>
  import("#features/contexts/roll-back-dialog.tsx").then((module) => module.RollBackDialog),
);

/** So many agents are offered to look for what they have written. */
const MOST_AUTHORS = 50;

interface ContextBodyProps {
  readonly context: FragmentType<typeof LiveContextFragment> & FragmentType<typeof ContextFactsFragment>;
  readonly name: string;
  /** The payloads of the events that say which agents left rollbacks. */
  readonly dropped: readonly unknown[];
  readonly lastChange: string | null;
}

/** What it is, its versions, the one or two that are chosen, and the last rollback. */
export function ContextBody({ context: masked, name, dropped, lastChange }: ContextBodyProps) {
  const { open, context: id } = useContextView();
  const context = readFragment(LiveContextFragment, masked);
  const { readers } = readFragment(ContextFactsFragment, masked);
  const { currentVersion, rollbackState } = context;
  const settled = rollbackState === "SUCCEEDED";
  const [target, setTarget] = useState(0);
  const [asking, setAsking] = useState(false);
  const rollBack = (toVersion: number) => {
    setTarget(toVersion);
    setAsking(true);
  };
  const header = (
    <header className="grid gap-1.5">
      <ContextHeader context={context}>
        <ContextActions current={currentVersion} name={name} />
      </ContextHeader>
      <ContextFacts context={masked} />
    </header>
  );
  if (currentVersion === 0) {
    return (
      <div className="grid grid-cols-1 gap-4">
        {header}
        <Card>
          <Empty title="Nothing has been written yet">
            It was opened, and has no version. The first one comes when an agent calls{" "}
            <code className="font-mono text-sm">context.write(data)</code>, through the API with{" "}
            <code className="font-mono text-sm">writeContext</code>, or from here with “Write”. This page shows it at
            once.
          </Empty>
        </Card>
      </div>
    );
  }
  return (
    <div className="grid grid-cols-1 gap-4">
      {header}
      <VerificationFindings />
      <div className="flex flex-col gap-4 lg:grid lg:grid-cols-[290px_minmax(0,1fr)] lg:items-start xl:flex xl:flex-row">
        {/* What needs nobody any more comes last where there is little room. */}
        <div
          className={`empty:hidden lg:col-span-2 xl:sticky xl:top-5 xl:order-last xl:w-[290px] xl:shrink-0 ${settled ? "order-last" : ""}`}
        >
          {rollbackState !== null && (
            <RollbackPanel context={context} dropped={droppedAgents(dropped)} onRollBack={rollBack} />
          )}
        </div>
        <div className="lg:sticky lg:top-5 xl:w-[290px] xl:shrink-0">
          <VersionList
            context={context}
            current={currentVersion}
            lastChange={lastChange}
            authors={readers.slice(0, MOST_AUTHORS).map(({ agent }) => agent)}
          />
        </div>
        <div className="min-w-0 xl:grow">
          <ShownPart name={name} current={currentVersion} onRollBack={rollBack} />
        </div>
      </div>
      <RollBackDialog
        context={id}
        toVersion={target}
        newest={currentVersion}
        open={asking}
        onClose={(done) => {
          setAsking(false);
          if (done) open({ compare: done });
        }}
      />
    </div>
  );
}
