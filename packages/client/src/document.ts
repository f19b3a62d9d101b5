/**
 * A GraphQL document with the types of its result and variables: a plain string, or what a code generator makes of one
 * (GraphQL Code Generator's `TypedDocumentString`). `__apiType` exists for the type checker only.
 */
export interface TypedDocument<Data, Variables> {
  toString(): string;
  __apiType?: (variables: Variables) => Data;
}

/** Gives a document its types by hand, where no code generator runs. */
export function document<Data, Variables>(text: string): TypedDocument<Data, Variables> {
  return text;
}
