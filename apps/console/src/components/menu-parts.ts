import type { Menu } from "@base-ui/react/menu";
import { createContext, use } from "react";

/** What menus are made of, known inside of an open one: it is loaded with the first menu that opens. */
export const MenuParts = createContext<typeof Menu | null>(null);

export function useMenuParts(): typeof Menu {
  const parts = use(MenuParts);
  if (parts === null) throw new Error("This belongs inside of a Menu.");
  return parts;
}
