"use client";
import Link from "next/link";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { Problem } from "#components/notice.tsx";
import { TEXT_LINK } from "#features/agent/text-link.ts";
import { BundleDifference } from "#features/agent/versions/bundle-difference.tsx";
import { type ProjectRoute, routes } from "#routes.ts";

const PreviewFragment = graphql(`
  fragment AgentRollbackPreview on AgentRollbackPreview {
    changed
    refusal
    difference {
      ...BundleDifference
    }
    warnings {
      code
      message
    }
    runningTasks {
      id
      title
    }
    sharedContexts {
      id
      name
    }
  }
`);

const MOST = 5;

interface RollBackPreviewProps {
  readonly project: ProjectRoute;
  readonly preview: FragmentType<typeof PreviewFragment>;
  readonly configs: { readonly from: unknown; readonly to: unknown };
}

/** What a rollback would do, before it is done. */
export function RollBackPreview({ project, preview: masked, configs }: RollBackPreviewProps) {
  const { changed, refusal, difference, warnings, runningTasks, sharedContexts } = readFragment(
    PreviewFragment,
    masked,
  );
  if (refusal !== null) return <Problem title="This rollback is not possible">{refusal}</Problem>;
  return (
    <>
      {warnings.length > 0 && (
        <ul aria-label="Warnings" className="grid gap-1 rounded-md bg-warning-soft px-3 py-2 text-warning">
          {warnings.map(({ code, message }) => (
            <li key={code}>{message}</li>
          ))}
        </ul>
      )}
      <section aria-label="Changes">
        {changed ? (
          <BundleDifference project={project} difference={difference} configs={configs} restoring />
        ) : (
          <p className="text-muted">It is all that already: nothing would change.</p>
        )}
      </section>
      {changed && runningTasks.length > 0 && (
        <p className="text-muted">
          It runs{" "}
          {runningTasks.slice(0, MOST).map((task, index) => (
            <span key={task.id}>
              {index > 0 && ", "}
              <Link href={routes.task(project, task.id)} prefetch={false} className={`text-ink ${TEXT_LINK}`}>
                {task.title}
              </Link>
            </span>
          ))}
          {runningTasks.length > MOST && ` and ${runningTasks.length - MOST} more`}.
        </p>
      )}
      {changed && sharedContexts.length > 0 && (
        <p className="text-muted">
          What it shares with others stays as it is:{" "}
          {sharedContexts.slice(0, MOST).map(({ id, name }, index) => (
            <span key={id}>
              {index > 0 && ", "}
              <Link href={routes.context(project, id)} prefetch={false} className={`text-ink ${TEXT_LINK}`}>
                {name}
              </Link>
            </span>
          ))}
          {sharedContexts.length > MOST && ` and ${sharedContexts.length - MOST} more`}.
        </p>
      )}
    </>
  );
}
