"use client";
import type { ReactNode } from "react";
import { usePermissions } from "#api/use-permissions.ts";
import { Card } from "#components/card.tsx";
import { Empty, Loading } from "#components/notice.tsx";
import type { ProjectRoute } from "#routes.ts";

interface AllowedProps {
  readonly project: ProjectRoute;
  readonly permission: string;
  /** What it is needed for: "see the people of a workspace". */
  readonly to: string;
  readonly children: (permissions: readonly string[]) => ReactNode;
}

/** Something for those who may see it; the others are told why they do not. */
export function Allowed({ project, permission, to, children }: AllowedProps) {
  const permissions = usePermissions(project);
  if (permissions === undefined) {
    return (
      <Card>
        <Loading />
      </Card>
    );
  }
  if (permissions.includes(permission)) return children(permissions);
  return (
    <Card>
      <Empty title={`You may not ${to}`}>
        Your role does not hold <code className="font-mono text-sm">{permission}</code>. Ask an admin of the workspace
        for another role.
      </Empty>
    </Card>
  );
}
