import Link from "next/link";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { numberText } from "#components/number-text.ts";
import { AttentionRow } from "#features/overview/attention/attention-row.tsx";
import { Way } from "#features/overview/attention/way.tsx";
import { ROLLBACK_STATES } from "#lifecycles/rollback-states.tsx";
import { type ProjectRoute, routes } from "#routes.ts";

const RollbackFragment = graphql(`
  fragment UnsettledRollback on Context {
    id
    name
    rollbackState
    agent {
      id
      name
    }
  }
`);

interface UnsettledRollbacksProps {
  readonly project: ProjectRoute;
  readonly contexts: readonly (FragmentType<typeof RollbackFragment> & { readonly id: string })[];
  readonly total: number;
}

/** Contexts whose last rollback agents have yet to confirm, or did not. */
export function UnsettledRollbacks({ project, contexts, total }: UnsettledRollbacksProps) {
  return (
    <>
      {contexts.map((masked) => {
        const { id, name, rollbackState, agent } = readFragment(RollbackFragment, masked);
        const failed = rollbackState === "FAILED";
        return (
          <AttentionRow
            key={id}
            look={ROLLBACK_STATES[failed ? "FAILED" : "PENDING"]}
            title={
              <>
                The rollback of{" "}
                <Link href={routes.context(project, id)} prefetch={false} className="hover:underline">
                  {name}
                </Link>{" "}
                {failed ? "has failed" : "waits for agents"}
              </>
            }
            action={
              <Way href={routes.context(project, id)} what={name}>
                {failed ? "Decide" : "Watch"}
              </Way>
            }
          >
            {agent && `Memory of ${agent.name}. `}
            {failed
              ? "An agent could not load the version, or did not answer in time. Try again, or declare it done."
              : "Each agent that reads it has to confirm that it has loaded the version."}
          </AttentionRow>
        );
      })}
      {total > contexts.length && (
        <AttentionRow
          look={ROLLBACK_STATES.FAILED}
          title={`${numberText(total - contexts.length)} more rollbacks are not settled`}
          action={
            <Way href={routes.contexts(project, { rollback: "PENDING,FAILED" })} what="unsettled rollbacks">
              Show all
            </Way>
          }
        />
      )}
    </>
  );
}
