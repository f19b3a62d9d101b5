import { Toast } from "@base-ui/react/toast";

/** Where every toast goes; `Toaster` shows them. */
export const toasts = Toast.createToastManager<{ readonly action?: ToastAction }>();

export interface ToastAction {
  /** "Undo". */
  readonly name: string;
  readonly act: () => void;
}

/** The way back from what was done. Going it may be refused too, which is then said in the same place. `undo` answers why, or null. */
export function undoBy(undo: () => Promise<string | null>): ToastAction {
  const act = async () => {
    const refusal = await undo();
    if (refusal !== null) notify({ title: "It was not undone", description: refusal });
  };
  return { name: "Undo", act: () => void act() };
}

interface Notice {
  readonly title: string;
  readonly description?: string;
  /** The way back, where there is one. */
  readonly action?: ToastAction;
}

const SHOWN_MS = 6_000;
/** Longer, because somebody has to decide. */
const WITH_ACTION_MS = 12_000;

/** Says briefly that something was done. What failed is said where it was asked for, not here. */
export function notify({ title, description, action }: Notice): void {
  toasts.add({
    title,
    ...(description !== undefined && { description }),
    timeout: action ? WITH_ACTION_MS : SHOWN_MS,
    ...(action && { data: { action } }),
  });
}

/** The same with the way back, where there is one. */
export function notifyDone(title: string, undo: (() => Promise<string | null>) | null): void {
  notify({ title, ...(undo && { action: undoBy(undo) }) });
}
