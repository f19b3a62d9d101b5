import { useMemo } from "react";
import { ListHead } from "#components/list-head.tsx";
import { readSchema } from "#components/schema-form/read-schema.ts";
import { schemaRows } from "#features/definitions/schema-rows.ts";

/** Each with what a narrow window does with it. */
const COLUMNS = [
  ["Field", ""],
  ["Type", ""],
  ["Default", "hidden sm:table-cell"],
  ["What it is", "hidden md:table-cell"],
] as const;

/** The fields of a JSON Schema, to read. */
export function SchemaTable({ schema, label }: { readonly schema: unknown; readonly label: string }) {
  const rows = useMemo(() => schemaRows(readSchema(schema)), [schema]);
  if (rows.length === 0 || (rows.length === 1 && rows[0]?.type === "any")) {
    return <p className="px-4 py-3 text-muted">Nothing is said about it: any JSON object will do.</p>;
  }
  return (
    <div className="overflow-x-auto">
      <table aria-label={label} className="w-full text-left">
        <ListHead columns={COLUMNS} />
        <tbody>
          {rows.map(({ name, depth, type, required, limits, default: given, description }, index) => (
            <tr key={index} className="border-t border-line align-top">
              <th
                scope="row"
                className="px-4 py-2 text-left font-normal"
                style={{ paddingLeft: `${16 + depth * 18}px` }}
              >
                <span className="font-mono text-sm leading-5">{name}</span>
                {required && <span className="block text-xs text-warning">required</span>}
                {description !== null && <span className="block text-sm text-muted md:hidden">{description}</span>}
              </th>
              <td className="px-4 py-2">
                <span className="whitespace-nowrap">{type}</span>
                {limits.map((limit) => (
                  <span key={limit} className="block text-sm wrap-anywhere text-faint">
                    {limit}
                  </span>
                ))}
                {given !== null && <span className="block text-sm text-faint sm:hidden">default {given}</span>}
              </td>
              <td className="hidden px-4 py-2 font-mono text-sm leading-5 wrap-anywhere sm:table-cell">
                {given ?? <span className="text-faint">—</span>}
              </td>
              <td className="hidden max-w-prose px-4 py-2 text-muted md:table-cell">{description}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
