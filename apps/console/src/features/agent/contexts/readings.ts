import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import type { RollbackState } from "#api/generated/graphql.ts";

/** Of its own contexts an agent is the only reader. */
const OwnFragment = graphql(`
  fragment OwnReading on Context {
    id
    readers {
      agent {
        id
      }
      version
    }
    confirmations {
      agent {
        id
      }
      state
      error
    }
  }
`);

/** A shared one may have as many readers as there are agents: the agent knows what it has of it. */
const SharedFragment = graphql(`
  fragment SharedReading on ContextReading {
    version
    confirmation {
      state
      error
    }
  }
`);

/** What one agent has of a context. */
export interface Reading {
  /** The newest version that it has loaded; null for none. */
  readonly loaded: number | null;
  /** Its answer to the last rollback; null where it was not asked. */
  readonly confirmation: { readonly state: RollbackState; readonly error: string | null } | null;
}

export function ownReading(agent: string, masked: FragmentType<typeof OwnFragment>): Reading {
  const { readers, confirmations } = readFragment(OwnFragment, masked);
  return {
    loaded: readers.find((reader) => reader.agent.id === agent)?.version ?? null,
    confirmation: confirmations.find((confirmation) => confirmation.agent.id === agent) ?? null,
  };
}

export function sharedReading(masked: FragmentType<typeof SharedFragment>): Reading {
  const { version, confirmation } = readFragment(SharedFragment, masked);
  return { loaded: version, confirmation };
}
