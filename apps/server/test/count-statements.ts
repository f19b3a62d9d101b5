import { everywhere } from "@muster/domain/actor.ts";
import { openDatabase } from "@muster/database/database.ts";
import { PERMISSIONS } from "@muster/domain/permissions.ts";
import type { RequestContext } from "@muster/graphql/request-context.ts";
import { schema } from "@muster/graphql/schema.ts";
import { DEFAULT_SETTINGS } from "@muster/operations/settings.ts";
import { execute, parse } from "graphql";
import { expect } from "vitest";

export interface CountedPage {
  readonly databaseUrl: string;
  /** A query with `$path` of a project and `$first`, which reads the project's connection `list`. */
  readonly query: string;
  readonly list: string;
  readonly path: string;
}

/** Reads a page of each of these sizes, checks that it is full, and gives how many statements each one took. */
export async function countStatements(page: CountedPage, sizes: readonly number[]): Promise<number[]> {
  const database = openDatabase({ url: page.databaseUrl });
  const document = parse(page.query);
  const actor = {
    kind: "USER",
    id: null,
    name: "Reader",
    reach: everywhere,
    permissions: new Set(PERMISSIONS),
  } as const;
  const counts: number[] = [];
  try {
    for (const first of sizes) {
      let statements = 0;
      const counting = new Proxy(database, {
        get: (target, name, receiver) => {
          if (name === "run" || name === "query") statements += 1;
          return Reflect.get(target, name, receiver) as unknown;
        },
      });
      const runtime = { database: counting, settings: DEFAULT_SETTINGS, committed() {} };
      const contextValue = {
        caller: { actor, correlationId: null, origin: null },
        runtime,
      } as unknown as RequestContext;
      const variableValues = { path: page.path, first };
      const { data, errors } = await execute({ schema, document, contextValue, variableValues });
      expect(errors).toBeUndefined();
      const { project } = data as { project: Record<string, { edges: unknown[] }> };
      expect(project[page.list]?.edges).toHaveLength(first);
      counts.push(statements);
    }
    return counts;
  } finally {
    await database.close();
  }
}
