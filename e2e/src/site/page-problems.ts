import type { BrowserContext } from "playwright";

declare global {
  interface Window {
    reportViolation(text: string): void;
  }
}

/**
 * Collects what went wrong on every page of the context, in the order in which it did: errors in the console, uncaught
 * exceptions, what the content security policy refused.
 */
export async function collectProblems(context: BrowserContext): Promise<string[]> {
  const problems: string[] = [];
  context.on("console", (message) => {
    if (message.type() === "error") problems.push(`console: ${message.text()} (${message.location().url})`);
  });
  context.on("weberror", (error) => problems.push(`exception: ${error.error().stack ?? error.error().message}`));
  await context.exposeFunction("reportViolation", (text: string) => problems.push(`policy: ${text}`));
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
      window.reportViolation(`${violatedDirective} refused ${blockedURI}`),
    );
  });
  return problems;
}
