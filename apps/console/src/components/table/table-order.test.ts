import { expect, it } from "vitest";
import { columnsAddress, columnsIn, type TableColumn } from "#components/table/columns.ts";
import { orderAddress, orderIn, pressedOrder } from "#components/table/table-order.ts";

const standard = { by: "name", descending: false };

it("reads an order from an address and says it again", () => {
  expect(orderIn("-since", ["name", "since"], standard)).toEqual({ by: "since", descending: true });
  expect(orderIn("size", ["name", "since"], standard)).toBe(standard);
  expect(orderIn(null, ["name"], standard)).toBe(standard);
  expect(orderAddress({ by: "since", descending: true }, standard)).toBe("-since");
  expect(orderAddress(standard, standard)).toBeUndefined();
});

it("turns the order round when the same column is pressed again", () => {
  const first = pressedOrder(standard, "since", true);
  expect(first).toEqual({ by: "since", descending: true });
  expect(pressedOrder(first, "since", true)).toEqual({ by: "since", descending: false });
});

it("reads chosen columns from an address, never without those that are always there", () => {
  const columns = [
    { id: "name", meta: { name: "Name", fixed: true } },
    { id: "state", meta: { name: "State" } },
    { id: "id", meta: { name: "Id", extra: true } },
  ] as readonly TableColumn<{ readonly id: string }>[];
  expect(columnsIn(columns, null)).toEqual(["name", "state"]);
  expect(columnsIn(columns, "id,nonsense")).toEqual(["name", "id"]);
  expect(columnsAddress(columns, ["name", "state"])).toBeUndefined();
  expect(columnsAddress(columns, ["name", "id"])).toBe("name,id");
});
