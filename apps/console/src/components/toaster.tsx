"use client";
import { Toast } from "@base-ui/react/toast";
import { toasts } from "#components/notify.ts";

/** What `notify` says, in a corner, read out without taking the focus. */
export default function Toaster() {
  return (
    <Toast.Provider toastManager={toasts} limit={3}>
      <Toast.Portal>
        <Toast.Viewport className="fixed right-4 bottom-4 z-50 grid w-[min(360px,calc(100vw-32px))] gap-2 outline-none">
          <List />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function List() {
  const { toasts: shown } = Toast.useToastManager<{ readonly action?: { name: string; act: () => void } }>();
  return shown.map((toast) => {
    const action = toast.data?.action;
    return (
      <Toast.Root
        key={toast.id}
        toast={toast}
        swipeDirection="right"
        className="rounded-lg border border-line-strong bg-raised shadow-float transition-opacity duration-150 data-ending-style:opacity-0 data-limited:hidden data-starting-style:opacity-0"
      >
        <Toast.Content className="flex items-start gap-3 py-2.5 pr-2 pl-3.5">
          <div className="min-w-0 flex-1 py-0.5">
            <Toast.Title className="font-[550] wrap-anywhere" />
            <Toast.Description className="text-muted wrap-anywhere" />
          </div>
          {action && (
            <button
              type="button"
              onClick={() => {
                action.act();
                toasts.close(toast.id);
              }}
              className="rounded-md px-2 py-0.5 font-[550] text-accent hover:bg-sunken"
            >
              {action.name}
            </button>
          )}
          <Toast.Close
            aria-label="Dismiss"
            className="rounded-md px-1.5 py-0.5 text-faint hover:bg-sunken hover:text-ink"
          >
            ×
          </Toast.Close>
        </Toast.Content>
      </Toast.Root>
    );
  });
}
