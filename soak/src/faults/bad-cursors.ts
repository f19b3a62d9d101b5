import { randomBytes } from "node:crypto";
import { followOverStream } from "../clients/event-stream.ts";
import { readToPresent } from "../clients/read-to-present.ts";
import { followOverSocket } from "../clients/web-socket.ts";
import { persistently } from "../api.ts";
import type { Random } from "../random.ts";
import { anyUrl, type Fault, type Site } from "../site.ts";
import { projectCursor } from "../tenant.ts";
import { validatePart } from "../validate.ts";

/** Cursors that nobody can go on from are answered so, with one from which it can be begun anew. */
export const badCursors: Fault = {
  name: "cursor from the future, malformed",
  async inject(site, random) {
    const cursor = random.pick(site.histories).anyPoint(random).cursor;
    const cursors = [fromTheFuture(cursor), ...malformed(cursor, random)];
    for (const [number, bad] of cursors.entries()) {
      const { last } = await readFrom(site, random, site.tenant.projectId, bad, number);
      const answer = last.__typename === "ResyncRequired" ? last.reason : last.__typename;
      if (answer !== "CURSOR_UNKNOWN") {
        site.journal.violated("bad cursors", `the bad cursor ${bad.slice(0, 100)} was answered with ${answer}`);
      } else {
        const { last: after } = await readFrom(site, random, site.tenant.projectId, last.cursor, number);
        if (after.__typename !== "Bookmark")
          site.journal.violated("bad cursors", "the cursor to begin anew is not good");
      }
    }
    site.journal.injected(this.name, `${cursors.length}, each told CURSOR_UNKNOWN`, cursors.length);
  },
};

/** A cursor after which retention has removed something is told so, with one from which it can be begun anew. */
export const expiredCursor: Fault = {
  name: "cursor older than retention",
  async inject(site, random) {
    const { projectId, cursor } = site.expired;
    for (const number of [0, 1]) {
      const { last } = await readFrom(site, random, projectId, cursor, number);
      const answer = last.__typename === "ResyncRequired" ? last.reason : last.__typename;
      if (answer !== "CURSOR_EXPIRED")
        site.journal.violated("bad cursors", `an expired cursor was answered with ${answer}`);
      const { last: after } = await readFrom(site, random, projectId, last.cursor, number);
      if (after.__typename !== "Bookmark") site.journal.violated("bad cursors", "the cursor to begin anew is not good");
    }
    site.journal.injected(this.name, "over a socket and a stream, told CURSOR_EXPIRED", 2);
  },
};

/** A position is one in the whole log: with another project's cursor a feed goes on there, and delivers its own events only. */
export const foreignCursor: Fault = {
  name: "cursor of another project",
  async inject(site, random) {
    const theirs = random.pick(site.histories.filter(({ field }) => field === "events")).anyPoint(random).cursor;
    const ours = await persistently(site.signal, () =>
      projectCursor(anyUrl(site, random), site.adminKey, site.other.path),
    );
    const foreign = await readFrom(site, random, site.other.projectId, theirs, 0);
    const own = await readFrom(site, random, site.tenant.projectId, ours, 1);
    await validatePart(site, site.other, [foreign]);
    await validatePart(site, site.tenant, [own]);
    site.journal.injected(this.name, "one each way", 2);
  },
};

function readFrom(site: Site, random: Random, project: string, after: string, number: number) {
  return readToPresent("a client with an odd cursor", {
    transport: number % 2 === 0 ? followOverSocket : followOverStream,
    url: () => anyUrl(site, random),
    key: site.adminKey,
    project,
    after,
    signal: site.signal,
  });
}

/** The same place, many transactions later. */
function fromTheFuture(cursor: string): string {
  const text = Buffer.from(cursor, "base64url").toString("latin1");
  const [installation = ""] = text.split(";");
  return Buffer.from(`${installation};900000000000:900000000000:`, "latin1").toString("base64url");
}

function malformed(cursor: string, random: Random): string[] {
  const cut = cursor.slice(0, random.between(1, cursor.length - 1));
  const stranger = Buffer.from(
    Buffer.from(cursor, "base64url")
      .toString("latin1")
      .replace(/^[^;]*/, "0123456789abcdef"),
  );
  return [`${cut}~`, randomBytes(40).toString("base64url"), stranger.toString("base64url"), "x".repeat(8_000)];
}
