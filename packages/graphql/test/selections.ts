import {
  getNamedType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  isAbstractType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
} from "graphql";
import { schema } from "../src/schema.ts";

/** Everything that can be asked of a type without arguments, `depth` objects deep, as a selection set; "" of a scalar. */
export function everythingOf(type: GraphQLNamedType, depth: number): string {
  if (isLeafType(type)) return "";
  const members = isAbstractType(type) ? schema.getPossibleTypes(type) : [type];
  const fragments = members.map((member) =>
    isObjectType(member) ? `... on ${member.name} { ${fieldsOf(member, depth)} }` : "",
  );
  return `{ __typename ${fragments.join(" ")} }`;
}

function fieldsOf(type: GraphQLObjectType, depth: number): string {
  return Object.values(type.getFields())
    .filter((field) => !field.args.some(isRequiredArgument))
    .map((field) => {
      const of = getNamedType(field.type);
      if (isLeafType(of)) return `${type.name}_${field.name}: ${field.name}`;
      if (depth === 0) return "";
      // A page and its edges are no step of their own.
      const deeper = /Connection$|Edge$/.test(of.name) ? depth : depth - 1;
      const page = field.args.some(({ name }) => name === "first") ? "(first: 2)" : "";
      return `${type.name}_${field.name}: ${field.name}${page} ${everythingOf(of, deeper)}`;
    })
    .join(" ");
}
