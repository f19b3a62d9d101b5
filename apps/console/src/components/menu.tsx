"use client";
import dynamic from "next/dynamic";
import { cloneElement, type ComponentProps, type ReactElement, type ReactNode, useId, useRef, useState } from "react";
import { useMenuParts } from "#components/menu-parts.ts";

interface MenuProps {
  /** The button that opens it. */
  readonly trigger: ReactElement<ComponentProps<"button">>;
  readonly children: ReactNode;
}

const ITEM =
  "flex w-full cursor-default items-center gap-2 rounded-sm px-2.5 py-1.5 outline-none select-none data-disabled:text-faint data-highlighted:bg-sunken";

const loadPopup = () => import("#components/menu-popup.tsx");
const MenuPopup = dynamic(loadPopup, { ssr: false });

/** A menu of actions. What opens is a fifth of a page's scripts, so it is loaded when somebody comes near the button. */
export function Menu({ trigger, children }: MenuProps) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const [used, setUsed] = useState(false);
  const show = () => {
    setUsed(true);
    setOpen(true);
  };
  return (
    <>
      {cloneElement(trigger, {
        ref: button,
        "aria-haspopup": "menu",
        "aria-expanded": open,
        "aria-controls": open ? id : undefined,
        onPointerEnter: () => void loadPopup(),
        onFocus: () => void loadPopup(),
        onClick: show,
        onKeyDown: (event) => {
          if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
          event.preventDefault();
          show();
        },
      })}
      {used && (
        <MenuPopup id={id} open={open} onOpenChange={setOpen} trigger={button}>
          {children}
        </MenuPopup>
      )}
    </>
  );
}

interface MenuItemProps {
  readonly onSelect: () => void;
  readonly danger?: boolean;
  /** Why it cannot be chosen; null: it can. */
  readonly locked?: string | null;
  readonly children: ReactNode;
}

export function MenuItem({ onSelect, danger = false, locked = null, children }: MenuItemProps) {
  const { Item } = useMenuParts();
  return (
    <Item
      onClick={onSelect}
      disabled={locked !== null}
      title={locked ?? undefined}
      className={`${ITEM} ${danger ? "text-danger" : ""}`}
    >
      {children}
    </Item>
  );
}

interface MenuChoiceProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly choices: Readonly<Record<Value, string>>;
}

/** A choice of one among a few, within a menu. */
export function MenuChoice<Value extends string>({ label, value, onChange, choices }: MenuChoiceProps<Value>) {
  const { Group, GroupLabel, RadioGroup, RadioItem, RadioItemIndicator } = useMenuParts();
  return (
    <Group>
      <GroupLabel className="px-2.5 pt-1.5 pb-0.5 text-xs text-faint">{label}</GroupLabel>
      <RadioGroup value={value} onValueChange={(chosen) => onChange(chosen as Value)}>
        {Object.entries<string>(choices).map(([each, word]) => (
          <RadioItem key={each} value={each} className={ITEM}>
            <span className="grow">{word}</span>
            <RadioItemIndicator>✓</RadioItemIndicator>
          </RadioItem>
        ))}
      </RadioGroup>
    </Group>
  );
}

interface MenuCheckProps {
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly children: ReactNode;
}

/** Something that is on or off, within a menu, which stays open. */
export function MenuCheck({ checked, onChange, children }: MenuCheckProps) {
  const { CheckboxItem, CheckboxItemIndicator } = useMenuParts();
  return (
    <CheckboxItem checked={checked} onCheckedChange={onChange} className={ITEM}>
      <span className="grow">{children}</span>
      <CheckboxItemIndicator>✓</CheckboxItemIndicator>
    </CheckboxItem>
  );
}

export function MenuSeparator() {
  const { Separator } = useMenuParts();
  return <Separator className="mx-1 my-1 h-px bg-line" />;
}
