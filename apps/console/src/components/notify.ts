import { Toast } from "@base-ui/react/toast";

/** Where every toast goes; `Toaster` shows them. */
export const toasts = Toast.createToastManager<{ readonly action?: ToastAction }>();

export interface ToastAction {
  /** "Undo". */
  readonly name: string;
  readonly act: () => void;
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
