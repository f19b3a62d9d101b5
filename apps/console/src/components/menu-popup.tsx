"use client";
import { Menu as BaseMenu } from "@base-ui/react/menu";
import type { ReactNode, RefObject } from "react";
import { MenuParts } from "#components/menu-parts.ts";

interface MenuPopupProps {
  readonly id: string;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  /** The button that it hangs on. */
  readonly trigger: RefObject<HTMLElement | null>;
  readonly children: ReactNode;
}

/** What opens. Loaded by menu.tsx, never imported. */
export default function MenuPopup({ id, open, onOpenChange, trigger, children }: MenuPopupProps) {
  return (
    <BaseMenu.Root open={open} onOpenChange={onOpenChange}>
      <BaseMenu.Portal>
        <BaseMenu.Positioner anchor={trigger} sideOffset={6} align="end" className="z-20">
          <BaseMenu.Popup
            id={id}
            finalFocus={trigger}
            className="min-w-44 rounded-lg border border-line bg-raised p-1 shadow-float outline-none"
          >
            <MenuParts value={BaseMenu}>{children}</MenuParts>
          </BaseMenu.Popup>
        </BaseMenu.Positioner>
      </BaseMenu.Portal>
    </BaseMenu.Root>
  );
}
