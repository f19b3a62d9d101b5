"use client";
import { useMemo, useState } from "react";
import { graphql } from "#api/generated/gql.ts";
import { VirtualLines } from "#components/json/virtual-lines.tsx";
import { Loading } from "#components/notice.tsx";
import { toggled } from "#components/toggled.ts";
import { DiffBranch, type DiffTreeNode } from "#features/contexts/diff-branch.tsx";
import { shownNodes } from "#features/contexts/shown-nodes.ts";
import { VersionProblem } from "#features/contexts/version-problem.tsx";
import { useAnswer } from "#live/use-answer.ts";

const TreeQuery = graphql(`
  query ContextTree($from: ID!, $to: ID!, $compact: Boolean!) {
    compareContextVersions(from: $from, to: $to) {
      tree(compact: $compact) {
        path
        key
        index
        depth
        kind
        container
        before
        after
        changes
        folded
        omitted
      }
    }
  }
`);

interface DiffTreeProps {
  /** The versions' ids. */
  readonly from: string;
  readonly to: string;
  readonly compact: boolean;
  readonly className?: string;
}

/** Both versions as one tree, with how much has changed in each branch. Branches open and close. */
export function DiffTree({ from, to, compact, className = "max-h-[70dvh]" }: DiffTreeProps) {
  const { data, error } = useAnswer(TreeQuery, { from, to, compact });
  const tree: readonly DiffTreeNode[] | undefined = data?.compareContextVersions.tree;
  const [closed, setClosed] = useState<ReadonlySet<number>>(new Set());
  const shown = useMemo(() => (tree ? shownNodes(tree, closed) : []), [tree, closed]);
  if (error) return <VersionProblem error={error} />;
  if (!tree) return <Loading />;
  return (
    <VirtualLines
      count={shown.length}
      keyOf={(index) => shown[index] ?? index}
      role="group"
      aria-label="Tree of changes"
      className={`py-1.5 ${className}`}
      renderRow={(index) => {
        const at = shown[index] ?? 0;
        const node = tree[at];
        return (
          node && <DiffBranch node={node} closed={closed.has(at)} onToggle={() => setClosed(toggled(closed, at))} />
        );
      }}
    />
  );
}
