import { expect, test } from "vitest";

import { startService } from "./running.js";

const PAGE = "https://app.ameide.io";
const ELSEWHERE = "https://app.ameide.io.example.com";
const GET = "/ameide_core_proto.graph.v1.GraphService/GetElement";

/** What a browser asks before a page's first call. */
function preflight(url: string, origin: string): Promise<Response> {
  const wanted = {
    "access-control-request-method": "POST",
    "access-control-request-headers": "authorization,connect-protocol-version,content-type,x-request-id",
  };
  return fetch(url + GET, { method: "OPTIONS", headers: { origin, ...wanted } });
}

/** The call itself, for an element that is not there. */
function call(url: string, origin: string): Promise<Response> {
  const headers = { origin, "content-type": "application/json" };
  return fetch(url + GET, { method: "POST", headers, body: JSON.stringify({ elementId: "none" }) });
}

function namesIn(response: Response, header: string): string[] {
  return (response.headers.get(header) ?? "").toLowerCase().split(",");
}

test("a page of an allowed origin may send what Connect and the SDK send", async () => {
  await using running = await startService({ allowedOrigins: ["http://localhost:3000", PAGE] });
  const response = await preflight(running.url, PAGE);
  expect(response.status).toBe(204);
  expect(response.headers.get("access-control-allow-origin")).toBe(PAGE);
  expect(namesIn(response, "access-control-allow-methods")).toEqual(["post", "get"]);
  expect(namesIn(response, "access-control-allow-headers")).toEqual(
    expect.arrayContaining(["content-type", "connect-protocol-version", "connect-timeout-ms", "x-grpc-web"]),
  );
  expect(namesIn(response, "access-control-allow-headers")).toEqual(
    expect.arrayContaining(["authorization", "x-tenant-id", "x-request-id", "traceparent", "tracestate", "baggage"]),
  );
});

test("a page of an allowed origin sees answers, errors too, with the headers of gRPC-web", async () => {
  await using running = await startService({ allowedOrigins: [PAGE] });
  const response = await call(running.url, PAGE);
  expect(await response.json()).toMatchObject({ code: "not_found" });
  expect(response.headers.get("access-control-allow-origin")).toBe(PAGE);
  expect(response.headers.get("vary")).toBe("Origin");
  expect(response.headers.get("access-control-allow-credentials")).toBeNull();
  expect(namesIn(response, "access-control-expose-headers")).toEqual(
    expect.arrayContaining(["grpc-status", "grpc-message"]),
  );
});

test.each([
  ["of another origin", [PAGE], ELSEWHERE],
  ["without allowed origins", [], PAGE],
])("a page %s gets no leave to call, nor sees an answer", async (_, allowedOrigins, origin) => {
  await using running = await startService({ allowedOrigins });
  for (const response of [await preflight(running.url, origin), await call(running.url, origin)]) {
    expect(response.headers.get("access-control-allow-origin")).toBeNull();
  }
});
