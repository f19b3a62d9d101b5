import { openFeed } from "../src/feed.ts";
import { atEnd, read } from "./readers.ts";

const [url = "", projectId = "", after = "", count = "1"] = process.argv.slice(2);
const feed = await openFeed({ url, onError: () => {} });
const frames = await read(feed, projectId, after, (taken) => taken.length >= Number(count) || atEnd(taken));
await feed.close();
process.send?.(frames, undefined, undefined, () => process.disconnect());
