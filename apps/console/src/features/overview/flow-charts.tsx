"use client";
import { useMemo } from "react";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { withEnded } from "#features/overview/charts/flow-slices.ts";
import { LatencyChart } from "#features/overview/charts/latency-chart.tsx";
import { ThroughputChart } from "#features/overview/charts/throughput-chart.tsx";
import { type FlowRange, RANGES } from "#features/overview/flow-range.ts";
import type { EndedSince } from "#features/overview/use-ended-since.ts";

const StatisticsFragment = graphql(`
  fragment FlowStatistics on TaskStatistics {
    from
    bucketMs
    run {
      p50Ms
      p95Ms
      p99Ms
    }
    wait {
      p50Ms
      p95Ms
      p99Ms
    }
    buckets {
      at
      succeeded
      failed
      cancelled
      expired
      run {
        p50Ms
        p95Ms
        p99Ms
      }
      wait {
        p50Ms
        p95Ms
        p99Ms
      }
    }
  }
`);

interface FlowChartsProps {
  readonly statistics: FragmentType<typeof StatisticsFragment>;
  readonly ended: readonly EndedSince[];
  readonly range: FlowRange;
}

/** How much ended, and how long it took. */
export function FlowCharts({ statistics: masked, ended, range }: FlowChartsProps) {
  const { bucketMs, run, wait, buckets } = readFragment(StatisticsFragment, masked);
  const slices = useMemo(() => buckets.map((bucket) => ({ ...bucket, at: Date.parse(bucket.at) })), [buckets]);
  const counted = useMemo(() => withEnded(slices, bucketMs, ended), [slices, bucketMs, ended]);
  const { name } = RANGES[range];
  return (
    <>
      <ThroughputChart slices={counted} bucketMs={bucketMs} range={name} />
      <LatencyChart slices={slices} run={run} wait={wait} bucketMs={bucketMs} range={name} />
    </>
  );
}
