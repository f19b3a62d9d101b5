"use client";
import { Dialog } from "#components/dialog.tsx";
import { KEY_BINDINGS } from "#features/shell/keys/key-bindings.ts";

interface KeySheetProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

/** All keys, by where they work. */
export function KeySheet({ open, onOpenChange }: KeySheetProps) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Keys" wide>
      {/* Has nothing in it that takes the focus, and has to be scrolled by keys all the same. */}
      <div
        role="group"
        aria-label="All keys"
        tabIndex={0}
        className="grid gap-x-8 gap-y-5 rounded-sm outline-offset-4 sm:columns-2 sm:block"
      >
        {KEY_BINDINGS.map(({ name, bindings }) => (
          <section key={name} className="mb-5 break-inside-avoid">
            <h3 className="mb-1 text-sm font-[550] text-faint">{name}</h3>
            <dl>
              {bindings.map(({ keys, does }) => (
                <div key={does} className="flex items-center justify-between gap-4 border-b border-line py-1.25">
                  <dt>{does}</dt>
                  <dd className="flex items-center gap-1">
                    {keys.map((key, at) => (
                      <span key={key} className="flex items-center gap-1">
                        {at > 0 && <span className="text-sm text-faint">then</span>}
                        <kbd className="rounded-sm border border-line-strong px-1.5 font-mono text-xs text-muted">
                          {key}
                        </kbd>
                      </span>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
