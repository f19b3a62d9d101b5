import Link from "next/link";
import type { EventLineFragment } from "#api/generated/graphql.ts";
import { eventTargets } from "#events/event-targets.ts";
import type { ProjectRoute } from "#routes.ts";

interface EventLinksProps {
  readonly event: EventLineFragment;
  readonly project: ProjectRoute;
}

/** The ways from an event to what it is about. */
export function EventLinks({ event, project }: EventLinksProps) {
  const targets = eventTargets(event, project);
  return (
    targets.length > 0 && (
      <p className="flex flex-wrap gap-x-3 gap-y-0.5">
        {targets.map(({ kind, name, href }) => (
          <span key={href} className="min-w-0">
            <span className="text-faint">{kind} </span>
            <Link href={href} prefetch={false} className="break-words text-accent hover:underline">
              {name}
            </Link>
          </span>
        ))}
      </p>
    )
  );
}
