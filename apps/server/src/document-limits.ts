import type { Plugin } from "graphql-yoga";
import { type DocumentNode, GraphQLError, Lexer, Source, TokenKind } from "graphql";
import { checkShape } from "./document-shape.ts";

const MAX_TOKENS = 10_000;
const MAX_NESTING = 60;

const OPENING = new Set<string>([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L]);
const CLOSING = new Set<string>([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R]);

/**
 * Refuses documents that would exhaust the recursive parser or the validator, before they are parsed. Reads tokens one by
 * one, so its own cost is bounded by the limits. Throws a `GraphQLError`, also for text that is not GraphQL.
 */
export function checkDocument(text: string): void {
  const lexer = new Lexer(new Source(text));
  let nesting = 0;
  let tokens = 0;
  for (let token = lexer.advance(); token.kind !== TokenKind.EOF; token = lexer.advance()) {
    tokens += 1;
    if (OPENING.has(token.kind)) nesting += 1;
    else if (CLOSING.has(token.kind)) nesting -= 1;
    if (tokens > MAX_TOKENS || nesting > MAX_NESTING) {
      const limit = tokens > MAX_TOKENS ? `${MAX_TOKENS} tokens` : `${MAX_NESTING} nested brackets`;
      throw new GraphQLError(`The document is too large: at most ${limit}. Use variables, or several requests.`, {
        extensions: { code: "LIMIT_EXCEEDED", limit: tokens > MAX_TOKENS ? "document.tokens" : "document.nesting" },
      });
    }
  }
}

/** Texts that passed lately: programs and screens send the same ones again and again. */
const passed = new Set<string>();
const MOST_PASSED = 2_000;
const LONGEST_KEPT = 20_000;

/** `checkDocument` and `checkShape` for every transport: they run in the one parse step that all share. */
export const documentLimits: Plugin = {
  onParse({ params }) {
    const text = String(params.source);
    if (passed.has(text)) return undefined;
    checkDocument(text);
    return ({ result }) => {
      if (result === null || result instanceof Error) return;
      checkShape(result as DocumentNode);
      if (text.length > LONGEST_KEPT) return;
      if (passed.size >= MOST_PASSED) passed.clear();
      passed.add(text);
    };
  },
};
