import { z } from "zod";

/** The shared context in which the agents of a project keep what they learned. */
export const knowledgeContextName = "repository-knowledge";

/** Bounds, so that the context stays small however many commits are worked on. */
export const knowledgeLimits = { repositories: 3, commits: 50, tests: 300, failingTests: 10, textLength: 160 } as const;

const testNames = z.array(z.string());

const buildSummary = z.object({
  ok: z.boolean(),
  errors: z.number(),
  bundleBytes: z.number().nullable(),
  at: z.string(),
});

const testSummary = z.object({
  ok: z.boolean(),
  passed: z.number(),
  failed: z.number(),
  skipped: z.number(),
  failingTests: testNames,
  /** Tests that both passed and failed at this commit. */
  flakyTests: testNames,
  at: z.string(),
});

const reviewSummary = z.object({
  findings: z.number(),
  rules: z.record(z.string(), z.number()),
  at: z.string(),
});

const commitKnowledge = z.object({
  subject: z.string(),
  /** How many commits lead up to it: orders the commits of a repository. */
  position: z.number(),
  learnedAt: z.string(),
  build: buildSummary.optional(),
  test: testSummary.optional(),
  review: reviewSummary.optional(),
});

const knownRepository = z.object({
  learnedAt: z.string(),
  /** By sha. */
  commits: z.record(z.string(), commitKnowledge),
  /** Each test by name: the earliest commit at which it is known to have passed. */
  tests: z.record(z.string(), z.object({ commit: z.string(), position: z.number() })),
  /** The newest commit whose tests passed and whose build did not fail. */
  lastGoodCommit: z.string().nullable(),
  /** The first commit known to be bad after the newest good one that has a bad successor. */
  firstBadCommit: z.string().nullable(),
  /** The first commit known to be good after firstBadCommit. */
  fixedByCommit: z.string().nullable(),
  /** At the newest commit that was tested. */
  failingTests: testNames,
  flakyTests: testNames,
  /** Findings in all reviewed commits, by rule. */
  ruleCounts: z.record(z.string(), z.number()),
});

const repositoryKnowledge = z.object({ repositories: z.record(z.string(), knownRepository) });

export type BuildSummary = z.output<typeof buildSummary>;
export type TestSummary = z.output<typeof testSummary>;
export type ReviewSummary = z.output<typeof reviewSummary>;
export type CommitKnowledge = z.output<typeof commitKnowledge>;
export type KnownRepository = z.output<typeof knownRepository>;
export type RepositoryKnowledge = z.output<typeof repositoryKnowledge>;

/** The context holds data of another shape. Nothing is overwritten then. */
export class UnreadableKnowledge extends Error {
  override readonly name = "UnreadableKnowledge";

  constructor(issue: string) {
    super(
      `The context "${knowledgeContextName}" does not hold what these agents wrote (${issue}): ` +
        "roll it back to a version that does, or write {} to begin anew.",
    );
  }
}

/**
 * What a version of the context says. A new context (null or {}) is one that knows nothing.
 *
 * @throws UnreadableKnowledge
 */
export function readKnowledge(data: unknown): RepositoryKnowledge {
  if (data === null || data === undefined) return { repositories: {} };
  if (typeof data === "object" && Object.keys(data).length === 0) return { repositories: {} };
  const result = repositoryKnowledge.safeParse(data);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new UnreadableKnowledge(issue === undefined ? "unknown shape" : `${issue.path.join(".")}: ${issue.message}`);
}
