import * as http from "node:http";
import * as http2 from "node:http2";
import type { AddressInfo, Server } from "node:net";

import { AmeideClient } from "../src/node.js";

/** As much as a length of four bytes can announce. */
const ANNOUNCED = 2 ** 32 - 1;

/** The largest message that a client takes, as it says itself when a server announces a larger one. */
export async function largestMessage(protocol: "connect" | "grpc"): Promise<number> {
  const server: Server = protocol === "grpc" ? announceGrpc() : announceConnect();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { graph } = new AmeideClient({ baseUrl, protocol, retry: { maxAttempts: 1 } });
    const found = await graph.getElement({ elementId: "e1" }).catch((error: Error) => error.message);
    return Number(/larger than configured readMaxBytes (\d+)/.exec(String(found))?.[1]);
  } finally {
    server.close();
  }
}

function announceConnect(): Server {
  return http.createServer((_, response) => {
    response.writeHead(200, { "content-type": "application/proto", "content-length": ANNOUNCED, connection: "close" });
    response.write("x", () => response.destroy());
  });
}

function announceGrpc(): Server {
  const server = http2.createServer();
  server.on("stream", (stream) => {
    stream.respond({ ":status": 200, "content-type": "application/grpc+proto" });
    const envelope = Buffer.alloc(5);
    envelope.writeUInt32BE(ANNOUNCED, 1);
    stream.write(envelope, () => stream.session?.destroy());
  });
  return server;
}
