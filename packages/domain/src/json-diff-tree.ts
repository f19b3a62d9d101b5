import {
  compareJson,
  type DiffCounts,
  type Difference,
  type DiffKind,
  membersOf,
  type Member,
} from "./json-difference.ts";
import { formatPointer } from "./json-pointer.ts";
import type { Json } from "./json.ts";

/** Most nodes of one tree. What is beyond them is counted by the containers that it belongs to. */
export const MOST_DIFF_NODES = 5_000;

/** A line of the comparison of two documents, as screens show it. */
export interface DiffNode {
  /** A JSON Pointer (RFC 6901) in the newer document; of what was removed, in the older one. */
  readonly path: string;
  /** The member's key; null for elements of lists and for the whole. */
  readonly key: string | null;
  /** The element's position, in the document of `path`; null for members of objects and for the whole. */
  readonly index: number | null;
  /** 0 for the whole. */
  readonly depth: number;
  readonly kind: DiffKind;
  /** Its members follow, one deeper; null: it has its value, or stands for `folded` others. */
  readonly container: "OBJECT" | "LIST" | null;
  /** undefined where there was nothing, and of containers and folded ones. */
  readonly before: Json | undefined;
  readonly after: Json | undefined;
  /** Values that were added, removed or changed: beneath it, or 1 where it is one itself. */
  readonly changes: number;
  /** So many unchanged members after each other for which it stands, itself the first of them; null: it stands for itself. */
  readonly folded: number | null;
  /** So many of its members are not in the tree, which has reached its size. */
  readonly omitted: number;
}

/** The comparison of two documents. */
export interface DiffTree {
  /** In the order of the documents' canonical form (RFC 8785): each container, then what is in it. */
  readonly nodes: readonly DiffNode[];
  readonly counts: DiffCounts;
}

export interface DiffTreeOptions {
  /** Unchanged members that follow each other are one node. */
  readonly compact: boolean;
}

/**
 * Compares two documents as a tree, in the order in which they are read: lists are aligned as `diffJson` aligns them, so an element
 * put in the middle is one that was added. What was added or removed is one node with its whole value; so is a value that became one of
 * another type. At most `MOST_DIFF_NODES` nodes; the counts are of all.
 */
export function diffTree(from: Json, to: Json, { compact }: DiffTreeOptions): DiffTree {
  const difference = compareJson(from, to);
  const flattening = new Flattening(compact);
  flattening.add({ from: null, to: null, difference }, [], [], 1);
  return { nodes: flattening.nodes, counts: difference.counts };
}

type Path = readonly (string | number)[];

class Flattening {
  readonly nodes: DiffNode[] = [];
  readonly #compact: boolean;

  constructor(compact: boolean) {
    this.#compact = compact;
  }

  /** `run`: so many members, this one the first, that are unchanged. */
  add({ from, to, difference }: Member, fromPath: Path, toPath: Path, run: number): void {
    const { kind } = difference;
    const key = kind === "REMOVED" ? from : to;
    const folded = this.#compact && kind === "UNCHANGED" ? run : null;
    const container = folded === null ? containerOf(difference) : null;
    const valued = folded === null && container === null;
    const node = {
      path: formatPointer(kind === "REMOVED" ? fromPath : toPath),
      key: typeof key === "string" ? key : null,
      index: typeof key === "number" ? key : null,
      depth: toPath.length,
      kind,
      container,
      before: valued ? difference.before : undefined,
      after: valued ? difference.after : undefined,
      changes: difference.counts.added + difference.counts.removed + difference.counts.changed,
      folded,
      omitted: 0,
    };
    this.nodes.push(node);
    if (container !== null) node.omitted = this.#addMembers(membersOf(difference), fromPath, toPath);
  }

  /** Gives how many were left out. */
  #addMembers(members: readonly Member[], fromPath: Path, toPath: Path): number {
    for (let at = 0; at < members.length;) {
      if (this.nodes.length >= MOST_DIFF_NODES) return members.length - at;
      const member = members[at] as Member;
      const run = this.#compact ? unchangedFrom(members, at) : 1;
      this.add(member, [...fromPath, member.from ?? ""], [...toPath, member.to ?? ""], run);
      at += Math.max(run, 1);
    }
    return 0;
  }
}

function unchangedFrom(members: readonly Member[], start: number): number {
  let at = start;
  while (members[at]?.difference.kind === "UNCHANGED") at++;
  return at - start;
}

/** What holds the members of a difference; null where it is one of whole values. */
function containerOf({ kind, members, after }: Difference): DiffNode["container"] {
  if (kind === "ADDED" || kind === "REMOVED" || (kind === "CHANGED" && members === null)) return null;
  if (Array.isArray(after)) return "LIST";
  return typeof after === "object" && after !== null ? "OBJECT" : null;
}
