import "./errors.ts";
import "./projects/project-mutations.ts";
import "./projects/project-roots.ts";
import { builder } from "./builder.ts";

/** The whole API. Each feature registers its types on the builder when it is imported here. */
export const schema = builder.toSchema();
