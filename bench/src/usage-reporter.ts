/** Loaded into a measured process before its program: answers its parent's questions about what it uses. */
process.on("message", (message) => {
  if (message !== "usage" && message !== "collect") return;
  if (message === "collect") globalThis.gc?.();
  const { user, system } = process.cpuUsage();
  process.send?.({ usage: { cpuMicroseconds: user + system, rssBytes: process.memoryUsage.rss() } });
});
