interface Rights {
  readonly permissions: readonly string[];
}

/** Where a role or a key holds, with what the reader may do there. */
export interface RightsIn {
  /** Null: the whole installation. */
  readonly workspace: Rights | null;
  /** Null: the whole workspace. */
  readonly project: Rights | null;
}

/** What the reader may do in a place as a whole. `installation`: in the whole installation. */
export function heldIn({ workspace, project }: RightsIn, installation: readonly string[] = []): readonly string[] {
  return (project ?? workspace)?.permissions ?? installation;
}
