import * as http from "node:http";
import * as http2 from "node:http2";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

import { Code, ConnectError } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";

import { graphV1 } from "../src/proto.js";

/** Headers of the calls that a server has seen, oldest first. */
export type Seen = Headers[];

export interface Platform extends AsyncDisposable {
  readonly url: string;
  readonly seen: Seen;
}

/** How long the server takes for an answer to `GetElement` of "slow", and between two parts of a stream. */
export const SLOW_MS = 300;

/** A server on a port of its own, over real HTTP: it remembers headers, and is slow or away for once where asked. */
export async function startPlatform(version: "1.1" | "2"): Promise<Platform> {
  const seen: Seen = [];
  const awayOnce = new Set<string>();
  const handler = connectNodeAdapter({
    routes: (router) =>
      router.service(graphV1.GraphService, {
        async getElement({ elementId }, { requestHeader, signal }) {
          seen.push(requestHeader);
          if (elementId === "slow") {
            await sleep(SLOW_MS, undefined, { signal });
          }
          if (elementId.startsWith("away once") && !awayOnce.has(elementId)) {
            awayOnce.add(elementId);
            throw new ConnectError("away", Code.Unavailable);
          }
          return { element: { id: elementId } };
        },
        async *watchElements() {
          for (const id of ["first", "second"]) {
            await sleep(SLOW_MS);
            yield { element: { id } };
          }
        },
      }),
  });
  const server = version === "2" ? http2.createServer(handler) : http.createServer(handler);
  const sockets = new Set<{ destroy(): void }>();
  server.on("connection", (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    async [Symbol.asyncDispose]() {
      sockets.forEach((socket) => socket.destroy());
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** An address where nobody listens any more. */
export async function unusedUrl(): Promise<string> {
  await using platform = await startPlatform("1.1");
  return platform.url;
}
