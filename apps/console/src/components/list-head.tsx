interface ListHeadProps {
  /** The columns' names, each with what it does in a narrow window and how its text stands. */
  readonly columns: readonly (readonly [name: string, look: string])[];
  /** Of the last column, where buttons are: said, not shown. */
  readonly actions?: string;
  /** The columns are closer together on a narrow window. */
  readonly tight?: boolean;
}

/** The head of a plain table. */
export function ListHead({ columns, actions, tight = false }: ListHeadProps) {
  return (
    <thead>
      <tr>
        {columns.map(([name, look]) => (
          <th
            key={name}
            scope="col"
            className={`px-4 py-2 text-sm font-medium whitespace-nowrap text-faint ${tight ? "max-sm:px-2 max-sm:first:pl-4" : ""} ${look}`}
          >
            {name}
          </th>
        ))}
        {actions !== undefined && (
          <th scope="col">
            <span className="sr-only">{actions}</span>
          </th>
        )}
      </tr>
    </thead>
  );
}
