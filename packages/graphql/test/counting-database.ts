import type { Connection, Database } from "@muster/database/database.ts";

/** The same database, which counts what it is asked. */
export function counting(database: Database): { readonly database: Database; readonly statements: () => number } {
  let statements = 0;
  const counted = (connection: Connection): Connection => ({
    run(statement, values) {
      statements += 1;
      return connection.run(statement, values);
    },
    query(query) {
      statements += 1;
      return connection.query(query);
    },
  });
  return {
    database: {
      ...database,
      ...counted(database),
      transaction: (work) => database.transaction((transaction) => work(counted(transaction))),
    },
    statements: () => statements,
  };
}
