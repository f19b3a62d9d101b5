import { CopyButton } from "#components/copy-button.tsx";
import { VERIFICATION_SNIPPET } from "#features/webhooks/verification-snippet.ts";

/** How a receiver makes sure that a request is from here. */
export function Verification() {
  return (
    <details className="min-w-0 rounded-md border border-line">
      <summary className="cursor-pointer rounded-md px-3 py-1.5 font-[550]">How to verify a delivery</summary>
      <div className="grid min-w-0 gap-2 border-t border-line px-3 py-2.5">
        <p className="text-muted">
          Every request is signed as Standard Webhooks describes it. In Node, without a library, with the body as it
          came and the headers in lower case:
        </p>
        <pre
          tabIndex={0}
          aria-label="Example in JavaScript"
          className="overflow-x-auto rounded-md bg-sunken px-3 py-2 font-mono text-xs [font-variant-ligatures:none]"
        >
          {VERIFICATION_SNIPPET}
        </pre>
        <p className="text-muted">
          Answer with a status from 200 to 299 within ten seconds, and do slow work afterwards. What is answered
          otherwise is sent again.
        </p>
        <div>
          <CopyButton text={() => VERIFICATION_SNIPPET} />
        </div>
      </div>
    </details>
  );
}
