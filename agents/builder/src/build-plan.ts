import { z } from "zod";

/** What building a commit can consist of. */
export const buildSteps = ["check types", "bundle"] as const;
export type BuildStep = (typeof buildSteps)[number];

/** Which steps a build takes, and in which order. */
export const buildPlan = z.strictObject({
  steps: z
    .array(z.enum(buildSteps))
    .min(1)
    .refine((steps) => new Set(steps).size === steps.length, "must not name a step twice"),
});
export type BuildPlan = z.output<typeof buildPlan>;

/** Everything, and what fails most often first. */
export const wholePlan: BuildPlan = { steps: [...buildSteps] };

/** The builder's own context in which its plan is. */
export const planContextName = "build-plan";

/** The context holds something that is no plan. */
export class UnreadablePlan extends Error {
  override readonly name = "UnreadablePlan";

  constructor(issue: string) {
    super(`The context "${planContextName}" does not hold a plan (${issue}): roll it back to a version that does.`);
  }
}

/**
 * What a version of the context says. Where nothing is written yet, it is the whole plan.
 *
 * @throws UnreadablePlan
 */
export function readPlan(data: unknown): BuildPlan {
  if (data === null) return wholePlan;
  const result = buildPlan.safeParse(data);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new UnreadablePlan(issue === undefined ? "unknown shape" : `${issue.path.join(".")}: ${issue.message}`);
}
