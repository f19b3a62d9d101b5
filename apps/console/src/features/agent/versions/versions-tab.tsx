"use client";
import { useSearchParams } from "next/navigation";
import { useState } from "react";
import { Card } from "#components/card.tsx";
import { Empty } from "#components/notice.tsx";
import { Pager } from "#components/pager.tsx";
import { QueryState } from "#components/query-state.tsx";
import { pagesBeside, pageViewOf, type PageView } from "#api/page-view.ts";
import { BundleRow } from "#features/agent/versions/bundle-row.tsx";
import {
  chosenWith,
  type ComparedBundles,
  comparedBundles,
  comparedText,
} from "#features/agent/versions/compared-bundles.ts";
import { ComparisonPanel } from "#features/agent/versions/comparison-panel.tsx";
import { RollBackDialog } from "#features/agent/versions/roll-back-dialog.tsx";
import { RollbackStanding } from "#features/agent/versions/rollback-standing.tsx";
import { useBundles } from "#features/agent/versions/use-bundles.ts";
import { type ProjectRoute, routes } from "#routes.ts";

interface VersionsTabProps {
  readonly project: ProjectRoute;
  readonly agent: string;
  readonly permissions: readonly string[];
}

/** What the agent has been, bundle by bundle: what each has changed, any two compared, and the way back. */
export default function VersionsTab({ project, agent, permissions }: VersionsTabProps) {
  const search = useSearchParams();
  const page = pageViewOf(search);
  const { data, error } = useBundles(agent, page);
  const [chosen, setChosen] = useState<readonly number[]>([]);
  const [target, setTarget] = useState<number | null>(null);
  const [open, setOpen] = useState(false);
  const hrefOf = (pair: ComparedBundles | null, at: PageView = page) =>
    routes.agent(project, agent, { tab: "versions", compare: pair ? comparedText(pair) : undefined, ...at });
  const compare = (pair: ComparedBundles) => window.history.pushState(null, "", hrefOf(pair));
  const choose = (number: number) => {
    const next = chosenWith(chosen, number);
    setChosen(next);
    if (next.length === 2) compare({ from: Math.min(...next), to: Math.max(...next) });
  };
  return (
    <section aria-label="Versions" className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <QueryState data={data} error={error}>
        {({ node }) => {
          if (node?.__typename !== "Agent") return null;
          const { bundle: newest, bundles } = node;
          const named = search.get("compare");
          const pair = comparedBundles(named, newest);
          return (
            <>
              <RollbackStanding project={project} agent={node} />
              <div className="grid items-start gap-4 lg:grid-cols-[minmax(280px,2fr)_minmax(0,5fr)]">
                <div className="grid gap-3">
                  <Card className="overflow-hidden">
                    <ul aria-label="Bundles">
                      {bundles.edges.map(({ node: bundle }) => (
                        <BundleRow
                          key={bundle.number}
                          bundle={bundle}
                          newest={bundle.number === newest}
                          current={pair?.to === bundle.number || (named !== null && pair?.from === bundle.number)}
                          chosen={chosen.includes(bundle.number)}
                          href={hrefOf(bundle.number > 1 ? { from: bundle.number - 1, to: bundle.number } : null)}
                          onChoose={() => choose(bundle.number)}
                        />
                      ))}
                    </ul>
                  </Card>
                  <Pager {...pagesBeside(bundles.pageInfo, (at) => hrefOf(null, at))} />
                </div>
                {pair === null ? (
                  <Card>
                    <Empty title="There is one bundle so far">
                      Each change of its definition version, config, limits and own contexts makes another one, which
                      can be compared with this and rolled back to it.
                    </Empty>
                  </Card>
                ) : (
                  <ComparisonPanel
                    project={project}
                    agent={agent}
                    pair={pair}
                    newest={newest}
                    onCompare={compare}
                    onRollBack={
                      permissions.includes("agent.rollBack")
                        ? (number) => {
                            setTarget(number);
                            setOpen(true);
                          }
                        : null
                    }
                  />
                )}
              </div>
              {target !== null && (
                <RollBackDialog
                  key={target}
                  project={project}
                  agent={agent}
                  toBundle={target}
                  newest={newest}
                  open={open}
                  onClose={() => setOpen(false)}
                />
              )}
            </>
          );
        }}
      </QueryState>
    </section>
  );
}
