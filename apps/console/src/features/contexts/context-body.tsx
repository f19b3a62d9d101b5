"use client";
import dynamic from "next/dynamic";
import { useState } from "react";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { Card } from "#components/card.tsx";
import { Empty } from "#components/notice.tsx";
import { ContextHeader } from "#features/contexts/context-header.tsx";
import { ComparisonPanel } from "#features/contexts/comparison-panel.tsx";
import { useContextView } from "#features/contexts/context-view.tsx";
import { droppedAgents } from "#features/contexts/dropped-agents.ts";
import { RollbackPanel } from "#features/contexts/rollback-panel.tsx";
import { LiveContextFragment } from "#features/contexts/use-context.ts";
import { VersionList } from "#features/contexts/version-list.tsx";
import { VersionPanel } from "#features/contexts/version-panel.tsx";

/** Comes once the page is there. */
const RollBackDialog = dynamic(() =>
  import("#features/contexts/roll-back-dialog.tsx").then((module) => module.RollBackDialog),
);

interface ContextBodyProps {
  readonly context: FragmentType<typeof LiveContextFragment>;
  /** The payloads of the events that say which agents left rollbacks. */
  readonly dropped: readonly unknown[];
  readonly lastHold: string | null;
}

/** What it is, its versions, the one or two that are chosen, and the last rollback. */
export function ContextBody({ context: masked, dropped, lastHold }: ContextBodyProps) {
  const { view, open, context: id } = useContextView();
  const context = readFragment(LiveContextFragment, masked);
  const { currentVersion } = context;
  const [target, setTarget] = useState(0);
  const [asking, setAsking] = useState(false);
  const rollBack = (toVersion: number) => {
    setTarget(toVersion);
    setAsking(true);
  };
  if (currentVersion === 0) {
    return (
      <div className="grid grid-cols-1 gap-4">
        <ContextHeader context={context} />
        <Card>
          <Empty title="Nothing has been written yet">
            It was opened, and has no version. The first one comes when an agent calls{" "}
            <code className="font-mono text-sm">context.write(data)</code>, or through the API with{" "}
            <code className="font-mono text-sm">writeContext</code>. This page shows it at once.
          </Empty>
        </Card>
      </div>
    );
  }
  return (
    <div className="grid grid-cols-1 gap-4">
      <ContextHeader context={context} />
      <div className="flex flex-col gap-4 lg:grid lg:grid-cols-[270px_minmax(0,1fr)] lg:items-start xl:flex xl:flex-row">
        <div className="empty:hidden lg:col-span-2 xl:order-last xl:w-[290px] xl:shrink-0">
          <RollbackPanel context={context} dropped={droppedAgents(dropped)} onRollBack={rollBack} />
        </div>
        <div className="lg:sticky lg:top-5 xl:w-[270px] xl:shrink-0">
          <VersionList context={context} current={currentVersion} lastHold={lastHold} />
        </div>
        <div className="min-w-0 xl:grow">
          {view.compare ? (
            <ComparisonPanel pair={view.compare} newest={currentVersion} onRollBack={rollBack} />
          ) : (
            <VersionPanel number={view.version ?? currentVersion} newest={currentVersion} onRollBack={rollBack} />
          )}
        </div>
      </div>
      <RollBackDialog
        context={id}
        toVersion={target}
        newest={currentVersion}
        open={asking}
        onClose={(done) => {
          setAsking(false);
          if (done) open({});
        }}
      />
    </div>
  );
}
