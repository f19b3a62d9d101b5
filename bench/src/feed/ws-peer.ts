import { createServer } from "node:http";
import { WebSocketServer } from "ws";
import { answerWithAddress, onPublish } from "./peer.ts";

/** A peer: the same bytes to every socket, with nothing but `ws`. */
const frame = Buffer.from(process.env["MUSTER_BENCH_FRAME"] ?? "");
const http = createServer();
const sockets = new WebSocketServer({ server: http, maxPayload: 262_144, perMessageDeflate: false });

sockets.on("connection", (socket) => {
  socket.on("message", (data: Buffer) => {
    if (data.includes('"connection_init"')) socket.send('{"type":"connection_ack"}');
    if (data.includes('"ping"')) socket.send('{"type":"pong"}');
  });
});
onPublish(() => {
  for (const socket of sockets.clients) socket.send(frame, { binary: false });
});
answerWithAddress(http);
