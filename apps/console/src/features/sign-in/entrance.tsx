import type { ReactNode } from "react";
import { Card } from "#components/card.tsx";

interface EntranceProps {
  readonly title: string;
  /** What is going on, read out when it changes. */
  readonly status: string;
  /** Below the card. */
  readonly help?: ReactNode;
  readonly children: ReactNode;
}

/** A page before the console: a card in the middle. */
export function Entrance({ title, status, help, children }: EntranceProps) {
  return (
    <main className="grid min-h-dvh grid-cols-1 place-items-center px-4 py-12">
      <div className="w-full max-w-96">
        <p className="mb-6 flex items-center justify-center gap-2.5 text-lg font-[650] tracking-tight">
          <span aria-hidden className="size-6 rounded-md bg-conic-[from_210deg] from-online via-busy to-deploying" />
          Muster
        </p>
        <Card className="p-6 shadow-float">
          <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
          <p role="status" className="mt-1 text-muted">
            {status}
          </p>
          {children}
        </Card>
        {help}
      </div>
    </main>
  );
}
