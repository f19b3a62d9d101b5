/** How a table is ordered: by a field of the API, and which end comes first. */
export interface TableOrder {
  readonly by: string;
  readonly descending: boolean;
}

/** Reads an order from an address: "since", or "-since" for the other way; `standard` when it names none of the fields. */
export function orderIn(
  address: string | null | undefined,
  fields: readonly string[],
  standard: TableOrder,
): TableOrder {
  const descending = address?.startsWith("-") ?? false;
  const by = descending ? address?.slice(1) : address;
  return by !== undefined && by !== null && fields.includes(by) ? { by, descending } : standard;
}

/** An order as an address says it; undefined for the standard one. */
export function orderAddress({ by, descending }: TableOrder, standard: TableOrder): string | undefined {
  if (by === standard.by && descending === standard.descending) return undefined;
  return `${descending ? "-" : ""}${by}`;
}

/** The order after somebody pressed a column's header: that column's, or the other way round when it was its already. */
export function pressedOrder(order: TableOrder, by: string, descendingFirst: boolean): TableOrder {
  return { by, descending: order.by === by ? !order.descending : descendingFirst };
}
