import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { numberText } from "#components/number-text.ts";
import { POLICY_WORDS } from "#features/workflows/policy-words.ts";

const TroubleFragment = graphql(`
  fragment WorkflowTrouble on Workflow {
    id
    state
    cancelReason
    onFailure
  }
`);

/** A step that failed or expired. */
export interface BrokenStep {
  readonly workflowStep: string | null;
  readonly state: string;
  readonly error: { readonly kind: string; readonly message: string } | null;
}

interface WorkflowTroubleProps {
  readonly workflow: FragmentType<typeof TroubleFragment>;
  /** The first of them, and how many there are. */
  readonly broken: readonly BrokenStep[];
  readonly count: number;
  readonly onOpen: (step: string) => void;
}

/** Why it failed or was cancelled, in a sentence; nothing when all is well. */
export function WorkflowTrouble({ workflow: masked, broken, count, onOpen }: WorkflowTroubleProps) {
  const { state, cancelReason, onFailure } = readFragment(TroubleFragment, masked);
  const [first] = broken;
  if (!first && cancelReason === null) return null;
  const failed = state === "FAILED";
  return (
    <section
      aria-label="What went wrong"
      className={`rounded-lg border px-4 py-3 ${failed ? "border-danger/35 bg-danger-soft" : "border-warning/35 bg-warning-soft"}`}
    >
      {first ? (
        <>
          <p className={`font-[550] wrap-anywhere ${failed ? "text-danger" : "text-warning"}`}>
            {failed ? "Failed because step " : "Step "}
            <button
              type="button"
              onClick={() => onOpen(first.workflowStep ?? "")}
              className="font-semibold underline underline-offset-2"
            >
              {first.workflowStep}
            </button>{" "}
            {first.state === "EXPIRED" ? "was not started before its deadline" : `failed: ${errorText(first)}`}
          </p>
          <p className="text-muted">
            {count > 1 && `So did ${count === 2 ? "another step" : `${numberText(count - 1)} other steps`}. `}
            {cancelReason === null ? POLICY_WORDS[onFailure].sentence : cancelledText(state, cancelReason)}
          </p>
        </>
      ) : (
        <p className="font-[550] text-warning wrap-anywhere">{cancelledText(state, cancelReason ?? "")}</p>
      )}
    </section>
  );
}

function errorText({ error }: BrokenStep): string {
  if (error === null) return "it did not say why.";
  return /[.!?]$/.test(error.message) ? error.message : `${error.message}.`;
}

function cancelledText(state: string, reason: string): string {
  return `${state === "RUNNING" ? "It is being cancelled: what runs is asked to stop." : "It was cancelled."} “${reason}”`;
}
