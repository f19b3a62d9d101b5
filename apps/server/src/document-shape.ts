import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type SelectionSetNode,
  visit,
} from "graphql";

/** Far more than screens and programs need; what one request may have the server look through. */
export const SHAPE_LIMITS = {
  aliases: 500,
  rootFields: 100,
  fields: 2_000,
  directives: 100,
  fragments: 100,
  spreads: 500,
  /** Fields, when each fragment stands where it is spread. */
  expandedFields: 20_000,
} as const;

const NAMES: Readonly<Record<keyof typeof SHAPE_LIMITS, string>> = {
  aliases: "aliases",
  rootFields: "fields at the root of an operation",
  fields: "fields",
  directives: "directives",
  fragments: "fragments",
  spreads: "uses of fragments",
  expandedFields: "fields, with fragments where they are used",
};

/**
 * Refuses documents that are short enough, and yet would have the validator or the counting of costs work for long. Counts whatever
 * operation is to be run. Throws a `GraphQLError` that names the limit.
 */
export function checkShape(document: DocumentNode): void {
  const counts = { aliases: 0, rootFields: 0, fields: 0, directives: 0, fragments: 0, spreads: 0 };
  const count = (what: keyof typeof counts, more = 1) => {
    counts[what] += more;
    if (counts[what] > SHAPE_LIMITS[what]) throw tooLarge(what);
  };
  visit(document, {
    Field(field) {
      count("fields");
      if (field.alias) count("aliases");
    },
    Directive: () => count("directives"),
    FragmentDefinition: () => count("fragments"),
    FragmentSpread: () => count("spreads"),
  });
  const weigh = weigher(document);
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    counts.rootFields = 0;
    count("rootFields", weigh(definition.selectionSet, false));
    if (weigh(definition.selectionSet, true) > SHAPE_LIMITS.expandedFields) throw tooLarge("expandedFields");
  }
}

/** Counts the fields of a selection, those of its fragments too: once for each fragment, however often it is used. */
function weigher(document: DocumentNode): (selectionSet: SelectionSetNode, deep: boolean) => number {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const weights = [new Map<string, number>(), new Map<string, number>()] as const;
  const weigh = (selectionSet: SelectionSetNode, deep: boolean): number => {
    let weight = 0;
    for (const selection of selectionSet.selections) {
      if (selection.kind === Kind.FIELD)
        weight += 1 + (deep && selection.selectionSet ? weigh(selection.selectionSet, deep) : 0);
      else if (selection.kind === Kind.INLINE_FRAGMENT) weight += weigh(selection.selectionSet, deep);
      else weight += weightOf(selection.name.value, deep);
    }
    return weight;
  };
  const weightOf = (name: string, deep: boolean): number => {
    const known = weights[deep ? 1 : 0];
    const weight = known.get(name);
    if (weight !== undefined) return weight;
    // A fragment that uses itself weighs nothing there: validation refuses it.
    known.set(name, 0);
    const fragment = fragments.get(name);
    const found = fragment ? weigh(fragment.selectionSet, deep) : 0;
    known.set(name, found);
    return found;
  };
  return weigh;
}

function tooLarge(what: keyof typeof SHAPE_LIMITS): GraphQLError {
  return new GraphQLError(
    `The document has too many ${NAMES[what]}: at most ${SHAPE_LIMITS[what]}. Ask for less, or in several requests.`,
    { extensions: { code: "LIMIT_EXCEEDED", limit: `document.${what}`, retryAfterMs: null } },
  );
}
