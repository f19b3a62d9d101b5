import { builder } from "./builder.ts";

export const OrderDirectionEnum = builder.enumType("OrderDirection", {
  description: "Which end of an order comes first.",
  values: { ASC: { description: "Smallest first." }, DESC: { description: "Largest first." } } as const,
});
