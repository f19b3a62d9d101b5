import { below, paragraph, pick, sentence } from "./prose.ts";

const STATUSES = ["open", "in progress", "blocked", "in review", "done"];
const OWNERS = ["planner", "builder", "tester", "reviewer", "operations"];
/** Of a document of 100 KB. */
const [CHAPTERS, PARAGRAPHS, STEPS, NOTES, FACTS] = [25, 8, 60, 80, 60];

interface Step {
  readonly id: string;
  readonly title: string;
  readonly owner: string;
  readonly status: string;
  readonly estimate: number;
}

interface Note {
  readonly at: string;
  readonly by: string;
  readonly text: string;
}

/** What an agent could keep of a longer piece of work: a plan, chapters of prose, notes, and facts by name. */
export type WorkingDocument = {
  readonly title: string;
  readonly revision: number;
  readonly plan: { readonly goal: string; readonly steps: readonly (Step & Record<string, string | number>)[] };
  readonly chapters: readonly { readonly heading: string; readonly paragraphs: readonly string[] }[];
  readonly notes: readonly (Note & Record<string, string>)[];
  readonly facts: { readonly [name: string]: string };
};

/** A document of about this many bytes of JSON, the same for the same numbers. */
export function newDocument(random: () => number, bytes: number): WorkingDocument {
  const share = bytes / 100_000;
  const paragraphs = Math.ceil(PARAGRAPHS * Math.min(1, share * 4));
  const several = <Item>(count: number, make: (index: number) => Item): Item[] =>
    Array.from({ length: Math.max(1, Math.round(count * share)) }, (_, index) => make(index));
  return {
    title: sentence(random),
    revision: 0,
    plan: { goal: paragraph(random), steps: several(STEPS, (index) => newStep(random, index)) },
    chapters: several(CHAPTERS, () => ({
      heading: sentence(random),
      paragraphs: Array.from({ length: paragraphs }, () => paragraph(random)),
    })),
    notes: several(NOTES, (index) => newNote(random, index)),
    facts: Object.fromEntries(several(FACTS, (index) => [`fact-${index}`, sentence(random)])),
  };
}

/**
 * One small edit, as agents and people make them: a sentence rewritten, a note appended (and the oldest dropped), a status changed, a step put into the plan
 * or taken out of it, a fact changed. No two revisions are equal. `document` stays as it is.
 */
export function edited(random: () => number, document: WorkingDocument, revision: number): WorkingDocument {
  const { plan, notes, facts } = document;
  const dice = random();
  if (dice < 0.3) return { ...document, revision, chapters: withNewSentence(random, document.chapters) };
  if (dice < 0.55) {
    const note = newNote(random, revision);
    return { ...document, revision, notes: [...notes.slice(1), note] };
  }
  if (dice < 0.8) {
    const at = below(random, plan.steps.length);
    const steps = plan.steps.map((step, index) => (index === at ? { ...step, status: pick(random, STATUSES) } : step));
    return { ...document, revision, plan: { ...plan, steps } };
  }
  if (dice < 0.9) {
    const at = below(random, plan.steps.length);
    const steps =
      plan.steps.length * NOTES > STEPS * notes.length
        ? plan.steps.toSpliced(at, 1)
        : plan.steps.toSpliced(at, 0, newStep(random, revision));
    return { ...document, revision, plan: { ...plan, steps } };
  }
  return { ...document, revision, facts: { ...facts, [pick(random, Object.keys(facts))]: sentence(random) } };
}

function withNewSentence(random: () => number, chapters: WorkingDocument["chapters"]): WorkingDocument["chapters"] {
  const [chapterAt, sentenceAt] = [below(random, chapters.length), random()];
  return chapters.map((chapter, index) => {
    if (index !== chapterAt) return chapter;
    const at = below(random, chapter.paragraphs.length);
    const sentences = (chapter.paragraphs[at] ?? "").split(/(?<=\.) /);
    const rewritten = sentences.with(Math.floor(sentenceAt * sentences.length), sentence(random)).join(" ");
    return { ...chapter, paragraphs: chapter.paragraphs.with(at, rewritten) };
  });
}

function newStep(random: () => number, number: number): Step & Record<string, string | number> {
  return {
    id: `step-${number}`,
    title: sentence(random),
    owner: pick(random, OWNERS),
    status: pick(random, STATUSES),
    estimate: 1 + below(random, 13),
  };
}

function newNote(random: () => number, number: number): Note & Record<string, string> {
  const minutes = String(number % 60).padStart(2, "0");
  return { at: `2026-03-0${1 + (number % 9)}T09:${minutes}:00Z`, by: pick(random, OWNERS), text: sentence(random) };
}
