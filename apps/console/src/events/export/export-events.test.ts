import { expect, it } from "vitest";
import { exportEvents, type ExportProgress } from "#events/export/export-events.ts";
import { FakeSource } from "#events/log/fake-source.ts";

const options = (source: FakeSource) => ({
  source,
  filter: {},
  keep: () => true,
  onProgress: () => {},
  signal: new AbortController().signal,
});
const idsIn = async (blob: Blob) => (JSON.parse(await blob.text()) as { id: string }[]).map(({ id }) => id);

it("reads all that match, page by page, the oldest first, as one JSON list", async () => {
  const progress: ExportProgress[] = [];
  const blob = await exportEvents({ ...options(new FakeSource(4_321)), onProgress: (each) => progress.push(each) });
  const ids = await idsIn(blob);
  expect(ids).toHaveLength(4_321);
  expect([ids[0], ids.at(-1)]).toEqual(["event_1", "event_4321"]);
  expect(progress.map(({ count }) => count).slice(0, 2)).toEqual([200, 400]);
  expect(progress.at(-1)).toMatchObject({ count: 4_321, share: 1 });
});

it("is a list also when there is nothing, or some is left out", async () => {
  expect(await idsIn(await exportEvents(options(new FakeSource(0))))).toEqual([]);
  const some = { ...options(new FakeSource(300)), keep: ({ id }: { readonly id: string }) => id.endsWith("0") };
  expect(await idsIn(await exportEvents(some))).toHaveLength(30);
});

it("has nothing in it of what happens while it is read", async () => {
  const source = new FakeSource(300);
  const filter = { before: new Date(1_700_000_301_000).toISOString() };
  const ids = await idsIn(await exportEvents({ ...options(source), filter, onProgress: () => source.happen(50) }));
  expect(ids).toHaveLength(300);
});

it("ends when it is not wanted any more", async () => {
  const stop = new AbortController();
  const exporting = exportEvents({
    ...options(new FakeSource(900)),
    signal: stop.signal,
    onProgress: () => stop.abort(),
  });
  await expect(exporting).rejects.toThrow(/abort/i);
});
