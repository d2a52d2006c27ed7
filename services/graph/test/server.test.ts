import { once } from "node:events";
import * as http2 from "node:http2";
import * as net from "node:net";

import { expect, test } from "vitest";

import { ElementStore } from "../src/elements/store.js";
import { startServer } from "../src/server.js";
import { SETTINGS, startService } from "./running.js";

const CREATE = "/ameide_core_proto.graph.v1.GraphService/CreateElement";

test("/healthz names the service and its version", async () => {
  await using running = await startService();
  const response = await fetch(`${running.url}/healthz`);
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ name: "graph", version: "0.0.0-dev" });
});

test.each([
  ["GET", "/elsewhere", 404],
  ["POST", "/healthz", 405],
])("%s %s answers %d", async (method, path, status) => {
  await using running = await startService();
  expect((await fetch(running.url + path, { method })).status).toBe(status);
});

test("the HTTP/1.1 port answers JSON, as browsers and curl send it", async () => {
  await using running = await startService();
  const response = await fetch(running.url + CREATE, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ element: { name: "a", kind: "ELEMENT_KIND_NODE" } }),
  });
  expect(await response.json()).toMatchObject({ element: { name: "a", kind: "ELEMENT_KIND_NODE" } });
});

test("stopping frees both ports while clients keep their connections open", async () => {
  const running = await startService();
  await running.web.listElements({});
  await running.grpc.listElements({});
  await running.server.stop();
  for (const port of [running.server.port, running.server.grpcPort]) {
    await expect(connected(port)).rejects.toMatchObject({ code: "ECONNREFUSED" });
  }
});

test("a request over HTTP/1.1 that never ends is cut when the grace is over", async () => {
  const { server } = await startService();
  const socket = net.connect(server.port, "127.0.0.1");
  const headers = ["host: graph", "content-type: application/json", "content-length: 9"];
  socket.write([`POST ${CREATE} HTTP/1.1`, ...headers, "", "{"].join("\r\n"));
  socket.on("error", () => {});
  await once(socket, "connect");
  const cut = once(socket, "close");
  await server.stop(200);
  await cut;
});

test("an answer over HTTP/2 that nobody takes is cut when the grace is over", async () => {
  const { server } = await startService();
  const session = http2.connect(`http://127.0.0.1:${server.grpcPort}`, { settings: { initialWindowSize: 0 } });
  session.on("error", () => {});
  const request = session.request({ ":path": "/healthz" });
  request.on("error", () => {});
  await once(request, "response");
  const cut = once(session, "close");
  await server.stop(200);
  await cut;
});

test("a port in use is an error, and leaves the other port free", async () => {
  await using running = await startService();
  const port = await freePort();
  const settings = { ...SETTINGS, port, grpcPort: running.server.grpcPort };
  await expect(startServer(settings, new ElementStore())).rejects.toMatchObject({ code: "EADDRINUSE" });
  await expect(connected(port)).rejects.toMatchObject({ code: "ECONNREFUSED" });
});

/** A port at which a service listened a moment ago. */
async function freePort(): Promise<number> {
  const { server } = await startService();
  await server.stop();
  return server.port;
}

function connected(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve();
    });
    socket.once("error", reject);
  });
}
