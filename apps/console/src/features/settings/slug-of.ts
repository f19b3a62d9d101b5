const LONGEST = 63;

/** A name as it can stand in addresses: "Käse & Brot" is "kase-brot". */
export function slugOf(name: string): string {
  return name
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, "-")
    .replaceAll(/^[^a-z0-9]+|-+$/g, "")
    .slice(0, LONGEST)
    .replace(/-+$/, "");
}
