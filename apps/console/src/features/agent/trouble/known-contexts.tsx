"use client";
import Link from "next/link";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { durationText, exactText } from "#components/time.tsx";
import { TEXT_LINK } from "#features/agent/text-link.ts";
import { type ProjectRoute, routes } from "#routes.ts";

const KnownFragment = graphql(`
  fragment KnownContext on ContextReading {
    version
    at
    context {
      id
      name
      currentVersion
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
  }
`);

/** Of more, the ones that were written last matter most. */
const MOST = 3;

interface KnownContextsProps {
  readonly project: ProjectRoute;
  readonly readings: readonly FragmentType<typeof KnownFragment>[];
  /** When it came to where it stands. */
  readonly since: string;
}

/** What the agent knew at that moment: the version that each of its contexts had, whether it had loaded it, who wrote it, and what it changed. */
export function KnownContexts({ project, readings, since }: KnownContextsProps) {
  const known = readings
    .map((each) => readFragment(KnownFragment, each))
    .flatMap(({ version: loaded, at, context: { versionAt, ...context } }) =>
      // What it loaded later says nothing of what it had then.
      versionAt === null ? [] : [{ ...context, version: versionAt, loaded: at <= since ? loaded : null }],
    )
    .sort((one, other) => other.version.createdAt.localeCompare(one.version.createdAt));
  if (known.length === 0) return null;
  return (
    <ul aria-label="Contexts at that moment" className="mt-1.5 grid gap-0.5">
      {known.slice(0, MOST).map(({ id, name, currentVersion, version, loaded }) => {
        const { number, parent, createdAt, author, message, rolledBackTo } = version;
        const behind = loaded !== null && loaded > 0 && loaded < number;
        const before = behind ? loaded : parent;
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
            {loaded !== null && (loaded < number ? <Older loaded={loaded} /> : "; it had loaded it")}
            {currentVersion > number && <>; the context is at {currentVersion} now</>}.{" "}
            {before !== null && (
              <>
                <Link
                  href={routes.context(project, id, { compare: { from: before, to: number } })}
                  className={`whitespace-nowrap text-accent ${TEXT_LINK}`}
                >
                  Compare {before} → {number}
                </Link>
                {rolledBackTo === null && parent !== null && (
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

function Older({ loaded }: { readonly loaded: number }) {
  if (loaded === 0) return "; it had loaded none";
  return (
    <>
      ; it had loaded <span className="font-[550] text-ink tabular-nums">version {loaded}</span>
    </>
  );
}
