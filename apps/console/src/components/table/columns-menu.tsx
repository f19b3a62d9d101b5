"use client";
import { Button } from "#components/button.tsx";
import { Menu, MenuCheck, MenuItem, MenuSeparator } from "#components/menu.tsx";
import { defaultColumns, type TableColumn, type TableRow } from "#components/table/columns.ts";

interface ColumnsMenuProps<Row extends TableRow> {
  readonly columns: readonly TableColumn<Row>[];
  /** The ids of those that are shown. */
  readonly shown: readonly string[];
  readonly onChange: (shown: string[]) => void;
}

/** Which columns the table shows. */
export function ColumnsMenu<Row extends TableRow>({ columns, shown, onChange }: ColumnsMenuProps<Row>) {
  const ids = columns.flatMap(({ id }) => (id === undefined ? [] : [id]));
  const toggle = (id: string) => onChange(ids.filter((each) => (each === id) !== shown.includes(each)));
  return (
    <Menu trigger={<Button look="ghost">Columns</Button>}>
      {columns.map(
        ({ id = "", meta }) =>
          !meta?.fixed && (
            <MenuCheck key={id} checked={shown.includes(id)} onChange={() => toggle(id)}>
              {meta?.name ?? id}
            </MenuCheck>
          ),
      )}
      <MenuSeparator />
      <MenuItem onSelect={() => onChange(defaultColumns(columns))}>As at first</MenuItem>
    </Menu>
  );
}
