"use client";
import dynamic from "next/dynamic";
import { useState } from "react";
import { Button } from "#components/button.tsx";
import { useContextView } from "#features/contexts/context-view.tsx";
import { historyOf } from "#features/contexts/version-view.ts";

const WriteDialog = dynamic(() => import("#features/contexts/write-dialog.tsx").then((module) => module.WriteDialog));
const SettingsDialog = dynamic(() =>
  import("#features/contexts/settings-dialog.tsx").then((module) => module.SettingsDialog),
);

interface ContextActionsProps {
  readonly current: number;
  readonly name: string;
}

/** What can be done with the whole context. */
export function ContextActions({ current, name }: ContextActionsProps) {
  const { may, open } = useContextView();
  const [asking, setAsking] = useState<"write" | "settings" | null>(null);
  return (
    <div className="flex flex-wrap gap-2">
      {current > 0 && <Button onClick={() => open({ history: historyOf("") })}>Who changed…</Button>}
      <Button onClick={() => setAsking("settings")}>Settings</Button>
      <Button
        look="primary"
        disabled={!may("context.write")}
        title={may("context.write") ? undefined : "You need the permission context.write."}
        onClick={() => setAsking("write")}
      >
        Write
      </Button>
      {asking === "write" && <WriteDialog current={current} name={name} onClose={() => setAsking(null)} />}
      {asking === "settings" && <SettingsDialog onClose={() => setAsking(null)} />}
    </div>
  );
}
