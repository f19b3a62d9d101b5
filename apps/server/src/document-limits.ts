import type { Plugin } from "graphql-yoga";
import { GraphQLError, Lexer, Source, TokenKind } from "graphql";

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

/** `checkDocument` for every transport: it runs in the one parse step that they share. */
export const documentLimits: Plugin = {
  onParse({ params }) {
    checkDocument(String(params.source));
  },
};
