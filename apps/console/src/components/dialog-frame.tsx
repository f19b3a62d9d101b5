"use client";
import { Dialog as BaseDialog } from "@base-ui/react/dialog";
import type { ReactNode } from "react";

export interface DialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: ReactNode;
  /** A sentence beneath the title. */
  readonly description?: ReactNode;
  /** Wide ones show a comparison. */
  readonly wide?: boolean;
  /** Where the focus goes afterwards: null to where it was, false nowhere, because it was moved already. */
  readonly finalFocus?: () => HTMLElement | null | false;
  readonly children: ReactNode;
}

/** What opens, loaded by dialog.tsx: keeps the focus inside, Escape closes it, and the focus returns to where it was. */
export default function DialogFrame({
  open,
  onOpenChange,
  title,
  description,
  wide = false,
  finalFocus,
  children,
}: DialogProps) {
  return (
    <BaseDialog.Root open={open} onOpenChange={onOpenChange}>
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className="fixed inset-0 z-40 bg-shade transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <BaseDialog.Popup
          {...(finalFocus && { finalFocus })}
          className={`fixed z-40 top-[max(5vh,16px)] left-1/2 flex max-h-[90vh] w-[calc(100vw-32px)] -translate-x-1/2 flex-col overflow-hidden rounded-lg border border-line bg-raised shadow-float outline-none transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0 data-nested-dialog-open:after:absolute data-nested-dialog-open:after:inset-0 data-nested-dialog-open:after:bg-shade ${wide ? "max-w-4xl" : "max-w-md"}`}
        >
          <div className="border-b border-line px-5 py-3.5">
            <BaseDialog.Title className="text-lg font-semibold tracking-tight">{title}</BaseDialog.Title>
            {description !== undefined && (
              <BaseDialog.Description className="mt-0.5 text-muted">{description}</BaseDialog.Description>
            )}
          </div>
          <div className="flex min-h-0 flex-1 flex-col overflow-y-auto px-5 py-4">{children}</div>
        </BaseDialog.Popup>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  );
}
