"use client";
import { Button } from "#components/button.tsx";
import { Menu, MenuItem, MenuSeparator } from "#components/menu.tsx";
import {
  auditFilter,
  chainAddress,
  checkpointsAddress,
  type ExportFormat,
  exportAddress,
} from "#features/settings/audit/audit-filter.ts";
import type { SettingsView } from "#routes.ts";

interface ExportMenuProps {
  /** Null: the installation itself. */
  readonly workspace: string | null;
  readonly view: SettingsView;
}

/** The entries that match as a file, however many; and what proves later that none was changed. */
export function ExportMenu({ workspace, view }: ExportMenuProps) {
  const save = (format: ExportFormat) => () => download(exportAddress(workspace, format, auditFilter(view)));
  return (
    <Menu trigger={<Button>Export</Button>}>
      <MenuItem onSelect={save("ndjson")}>These entries as NDJSON</MenuItem>
      <MenuItem onSelect={save("csv")}>These entries as CSV</MenuItem>
      <MenuSeparator />
      <MenuItem onSelect={() => download(checkpointsAddress(workspace))}>Signed checkpoints</MenuItem>
      <MenuItem onSelect={() => download(chainAddress(workspace))}>The whole chain, to verify it elsewhere</MenuItem>
    </Menu>
  );
}

/** The server streams it, and names the file. */
function download(address: string): void {
  const link = document.createElement("a");
  link.href = address;
  link.download = "";
  link.click();
}
