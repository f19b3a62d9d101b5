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
      version
      error
    }
  }
`);

/** A shared one may have as many readers as there are agents: in a large fleet they are not asked for. */
const SharedFragment = graphql(`
  fragment SharedReading on Context {
    id
    readers @include(if: $few) {
      agent {
        id
      }
      version
    }
    confirmations @include(if: $few) {
      agent {
        id
      }
      state
      version
      error
    }
  }
`);

/** What one agent has of a context. */
export interface Reading {
  /** The newest version that it has loaded; null for none, undefined where that is not known here. */
  readonly loaded: number | null | undefined;
  /** Its answer to the last rollback; null where it was not asked. */
  readonly confirmation: {
    readonly state: RollbackState;
    readonly version: number;
    readonly error: string | null;
  } | null;
}

interface Readers {
  readonly readers?: readonly { readonly agent: { readonly id: string }; readonly version: number | null }[];
  readonly confirmations?: readonly {
    readonly agent: { readonly id: string };
    readonly state: RollbackState;
    readonly version: number;
    readonly error: string | null;
  }[];
}

export function ownReading(agent: string, masked: FragmentType<typeof OwnFragment>): Reading {
  return readingOf(agent, readFragment(OwnFragment, masked));
}

export function sharedReading(agent: string, masked: FragmentType<typeof SharedFragment>): Reading {
  return readingOf(agent, readFragment(SharedFragment, masked));
}

function readingOf(agent: string, { readers, confirmations }: Readers): Reading {
  return {
    loaded: readers && (readers.find((reader) => reader.agent.id === agent)?.version ?? null),
    confirmation: confirmations?.find((confirmation) => confirmation.agent.id === agent) ?? null,
  };
}
