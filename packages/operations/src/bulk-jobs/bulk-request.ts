import { InvalidInput } from "@muster/domain/errors.ts";
import { z } from "zod";
import { parseInput } from "../input.ts";

/** What every request for a bulk job says besides its filter and reason. */
export const BULK_REQUEST = {
  projectId: z.guid(),
  all: z.boolean().nullish(),
  expectedCount: z.number().int().min(0).nullish(),
};

interface Request {
  readonly filter: Readonly<Record<string, unknown>> & { readonly search?: string | null | undefined };
  readonly all?: boolean | null | undefined;
}

/**
 * Checks a request for a bulk job about `things` before anything is read or written: an empty filter needs `all`. Throws
 * `InvalidInput`.
 */
export function parseBulkRequest<Output extends Request>(
  schema: z.ZodType<Output>,
  input: unknown,
  things: "task" | "agent",
): Output {
  const request = parseInput(schema, input);
  const empty = isEmpty(request.filter);
  if (empty && !request.all) {
    const message = `leaves no ${things} of the project out. Narrow it down, or say all: true when that is what you mean.`;
    throw new InvalidInput([{ path: ["filter"], message }]);
  }
  if (!empty && request.all) {
    throw new InvalidInput([{ path: ["all"], message: "cannot be combined with a filter." }]);
  }
  return request;
}

function isEmpty({ search, ...filter }: Request["filter"]): boolean {
  return !search?.trim() && Object.values(filter).every((value) => value === null || value === undefined);
}
