"use client";
import dynamic from "next/dynamic";
import { useState } from "react";
import { Button } from "#components/button.tsx";
import type { ExportDialogProps } from "#events/export/export-dialog.tsx";

const ExportDialog = dynamic(() => import("#events/export/export-dialog.tsx"), { ssr: false });

/** All that matches, as a file. */
export function ExportButton(props: Omit<ExportDialogProps, "onClose">) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button look="ghost" onClick={() => setOpen(true)}>
        Export
      </Button>
      {open && <ExportDialog {...props} onClose={() => setOpen(false)} />}
    </>
  );
}
