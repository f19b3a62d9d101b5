"use client";
import Link from "next/link";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { durationText, exactText } from "#components/time.tsx";
import { TEXT_LINK } from "#features/agent/text-link.ts";
import { type ProjectRoute, routes } from "#routes.ts";

const KnownFragment = graphql(`
  fragment KnownContext on Context {
    id
    name
    currentVersion
    agent {
      id
    }
    versionAt(time: $since) {
      id
      number
      parent
      createdAt
      message
      rolledBackTo
      author {
        name
      }
    }
  }
`);

/** Of more, the ones that were written last matter most. */
const MOST = 3;

interface KnownContextsProps {
  readonly project: ProjectRoute;
  readonly contexts: readonly FragmentType<typeof KnownFragment>[];
  /** When it came to where it stands. */
  readonly since: string;
}

/** What the agent could know at that moment: the version that each of its contexts had, who wrote it, and what it changed. */
export function KnownContexts({ project, contexts, since }: KnownContextsProps) {
  const known = contexts
    .map((each) => readFragment(KnownFragment, each))
    .flatMap(({ versionAt, ...context }) => (versionAt === null ? [] : [{ ...context, version: versionAt }]))
    .sort((one, other) => other.version.createdAt.localeCompare(one.version.createdAt));
  if (known.length === 0) return null;
  return (
    <ul aria-label="Contexts at that moment" className="mt-1.5 grid gap-0.5">
      {known.slice(0, MOST).map(({ id, name, currentVersion, version }) => {
        const { number, parent, createdAt, author, message, rolledBackTo } = version;
        return (
          <li key={id} className="text-muted">
            <Link href={routes.context(project, id, { version: number })} className={`text-ink ${TEXT_LINK}`}>
              {name}
            </Link>{" "}
            was at <span className="font-[550] text-ink tabular-nums">version {number}</span>, written{" "}
            <time dateTime={createdAt} title={exactText(createdAt)}>
              {durationText(Date.parse(since) - Date.parse(createdAt))}
            </time>{" "}
            before by {author.name}
            {rolledBackTo !== null ? (
              <> (back to {rolledBackTo})</>
            ) : (
              message !== null && message !== "" && <> (“{message}”)</>
            )}
            {currentVersion > number && <>; it is at {currentVersion} now</>}.{" "}
            {parent !== null && (
              <>
                <Link
                  href={routes.context(project, id, { compare: { from: parent, to: number } })}
                  className={`whitespace-nowrap text-accent ${TEXT_LINK}`}
                >
                  Compare {parent} → {number}
                </Link>
                {rolledBackTo === null && (
                  <>
                    {" or "}
                    <Link
                      href={routes.context(project, id, { version: parent })}
                      className={`whitespace-nowrap text-accent ${TEXT_LINK}`}
                    >
                      go back to {parent}
                    </Link>
                  </>
                )}
              </>
            )}
          </li>
        );
      })}
    </ul>
  );
}
