import Link from "next/link";
import { Card } from "#components/card.tsx";
import { Empty } from "#components/notice.tsx";
import { type ProjectRoute, routes } from "#routes.ts";

/** How the first agent comes to be. */
export function EmptyFleet({ project }: { readonly project: ProjectRoute }) {
  return (
    <Card>
      <Empty title="No agent is registered here yet">
        <p>
          Choose a{" "}
          <Link href={routes.definitions(project)} className="text-accent underline">
            definition
          </Link>{" "}
          and register an agent there, then start a program with the key that you get: <Code>agents/template</Code> is
          one to copy. It appears here by itself.
        </p>
      </Empty>
    </Card>
  );
}

function Code({ children }: { readonly children: string }) {
  return <code className="font-mono text-sm whitespace-nowrap">{children}</code>;
}
