import type { Commit } from "@muster/agent-toolkit/commit.ts";
import type { ChangedFile } from "./changed-files.ts";
import type { Finding } from "./finding.ts";

const subjectLimit = 72;
const largeDiffLines = 400;
const sourceFile = /\.(?:[cm]?[jt]s|[jt]sx)$/;
const testFile = /(?:^|\/)(?:tests?|__tests__)\/|[._-](?:test|spec)\.[cm]?[jt]sx?$/;
const unfinished = /^(?:wip|fixup!|squash!|tmp)\b/i;

/** What there is to say about a commit as a whole: its message, its size, and whether its tests changed with its source. */
export function checkCommit({ sha, parent, subject }: Commit, files: readonly ChangedFile[]): Finding[] {
  const findings: Finding[] = [];
  const add = (rule: string, message: string) => {
    const place = { commit: sha, file: null, line: null, column: null };
    findings.push({ ...place, rule: `commit(${rule})`, severity: "warning", message });
  };
  const changed = files.reduce((sum, { added, removed }) => sum + (added ?? 0) + (removed ?? 0), 0);
  const source = files.filter(({ path, added }) => added !== 0 && sourceFile.test(path) && !testFile.test(path));

  if (subject.length > subjectLimit)
    add("long-subject", `The subject has ${subject.length} characters: keep it to ${subjectLimit}.`);
  if (subject.endsWith(".")) add("subject-period", "The subject ends with a period: leave it out.");
  if (/^\p{Ll}/u.test(subject) && !/^\w+(?:\(.+\))?!?: /.test(subject)) {
    add("subject-case", "The subject begins with a small letter: begin with a capital one.");
  }
  if (unfinished.test(subject))
    add("unfinished", "The subject says that the work is unfinished: squash it into what it belongs to.");
  // A first commit is large by nature.
  if (parent !== null && changed > largeDiffLines) {
    add("large-diff", `It changes ${changed} lines: more than ${largeDiffLines} are hard to review, so split it.`);
  }
  if (source.length > 0 && !files.some(({ path }) => testFile.test(path))) {
    add("untested-change", `It adds to ${source[0]?.path} but changes no test: show with one what is new.`);
  }
  return findings;
}
