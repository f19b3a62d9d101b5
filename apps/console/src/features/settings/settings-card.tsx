import { type ReactNode, useId } from "react";
import { Card } from "#components/card.tsx";

interface SettingsCardProps {
  readonly title: string;
  readonly description?: ReactNode;
  readonly children: ReactNode;
}

/** Settings that belong together. */
export function SettingsCard({ title, description, children }: SettingsCardProps) {
  const id = useId();
  return (
    <Card role="region" aria-labelledby={id}>
      <div className="border-b border-line px-5 py-3">
        <h2 id={id} className="font-semibold">
          {title}
        </h2>
        {description !== undefined && <div className="mt-0.5 text-muted">{description}</div>}
      </div>
      <div className="px-5 py-4">{children}</div>
    </Card>
  );
}
