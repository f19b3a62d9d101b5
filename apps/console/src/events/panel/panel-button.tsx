interface PanelButtonProps {
  readonly name: string;
  readonly hint: string;
  readonly sign: string;
  /** Undefined: there is nothing to do. */
  readonly onPress: (() => void) | undefined;
}

/** A small button of a panel's head. */
export function PanelButton({ name, hint, sign, onPress }: PanelButtonProps) {
  return (
    <button
      type="button"
      aria-label={name}
      title={hint}
      // Not `disabled`: the focus stays on it while the next event is looked up.
      aria-disabled={onPress === undefined}
      onClick={onPress}
      className="grid size-6 place-items-center rounded-md text-muted hover:bg-sunken hover:text-ink aria-disabled:opacity-40"
    >
      <span aria-hidden>{sign}</span>
    </button>
  );
}
