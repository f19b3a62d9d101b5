import { text } from "@muster/operations/input.ts";
import { z } from "zod";

/** An e-mail address, as far as it can be told without writing to it. */
export const email = text(254).pipe(z.email("must be an e-mail address."));
