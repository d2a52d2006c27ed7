import { Code, type Interceptor } from "@connectrpc/connect";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { AmeideClient as BrowserClient } from "../src/browser.js";
import type { AmeideClient } from "../src/client.js";
import { AmeideClient as NodeClient, USER_AGENT } from "../src/node.js";
import type { ClientOptions } from "../src/options.js";
import manifest from "../package.json" with { type: "json" };
import { SLOW_MS, startPlatform, unusedUrl, type Platform } from "./platform.js";

type Open = (options: ClientOptions) => AmeideClient;

const DOORS: [name: string, httpVersion: "1.1" | "2", open: Open][] = [
  ["node", "1.1", (options) => new NodeClient(options)],
  ["node over grpc", "2", (options) => new NodeClient({ ...options, protocol: "grpc" })],
  ["browser", "1.1", (options) => new BrowserClient(options)],
];

describe.each(DOORS)("%s", (_, httpVersion, open) => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await startPlatform(httpVersion);
  });
  afterAll(() => platform[Symbol.asyncDispose]());

  const lastHeader = (name: string) => platform.seen.at(-1)?.get(name);

  test("calls carry the token, the tenant and a request id of their own", async () => {
    const { graph } = open({ baseUrl: platform.url, token: "secret", tenantId: "acme" });
    await graph.getElement({ elementId: "e1" });
    const first = lastHeader("x-request-id");
    await graph.getElement({ elementId: "e2" });
    expect(lastHeader("authorization")).toBe("Bearer secret");
    expect(lastHeader("x-tenant-id")).toBe("acme");
    expect(first).toMatch(/^[0-9a-f]{32}$/);
    expect(lastHeader("x-request-id")).not.toBe(first);
  });

  test("headers of a call win over the client's", async () => {
    const { graph } = open({ baseUrl: platform.url, token: "secret", tenantId: "acme" });
    const headers = { authorization: "Bearer other", "x-tenant-id": "umbrella", "x-request-id": "r1" };
    await graph.getElement({ elementId: "e1" }, { headers });
    expect(Object.keys(headers).map(lastHeader)).toEqual(["Bearer other", "umbrella", "r1"]);
  });

  test("a token function is asked before each call", async () => {
    let count = 0;
    const { graph } = open({ baseUrl: platform.url, token: async () => `token ${++count}` });
    await graph.getElement({ elementId: "e1" });
    await graph.getElement({ elementId: "e2" });
    expect(lastHeader("authorization")).toBe("Bearer token 2");
  });

  test("without token and tenant their headers are not sent", async () => {
    await open({ baseUrl: platform.url }).graph.getElement({ elementId: "e1" });
    expect(["authorization", "x-tenant-id"].map(lastHeader)).toEqual([null, null]);
  });

  test("the caller's interceptors see the SDK's headers", async () => {
    const seen: (string | null)[] = [];
    const look: Interceptor = (next) => (request) => {
      seen.push(request.header.get("authorization"));
      return next(request);
    };
    await open({ baseUrl: platform.url, token: "secret", interceptors: [look] }).graph.getElement({ elementId: "e1" });
    expect(seen).toEqual(["Bearer secret"]);
  });

  test("the timeout ends a slow call, and a call may name another", async () => {
    const { graph } = open({ baseUrl: platform.url, timeoutMs: SLOW_MS / 3 });
    await expect(graph.getElement({ elementId: "slow" })).rejects.toMatchObject({ code: Code.DeadlineExceeded });
    const { element } = await graph.getElement({ elementId: "slow" }, { timeoutMs: SLOW_MS * 20 });
    expect(element?.id).toBe("slow");
  });

  test("a repeated call sends its message again, under the same request id", async () => {
    const { graph } = open({ baseUrl: platform.url, retry: { initialBackoffMs: 1 } });
    const elementId = `away once ${"x".repeat(100_000)}`;
    const { element } = await graph.getElement({ elementId });
    expect(element?.id).toBe(elementId);
    const [first, second] = platform.seen.slice(-2).map((header) => header.get("x-request-id"));
    expect(second).toBe(first);
  });

  test("a server that nobody can reach is UNAVAILABLE, and asked again", async () => {
    let attempts = 0;
    const count: Interceptor = (next) => (request) => (attempts++, next(request));
    const { graph } = open({ baseUrl: await unusedUrl(), retry: { initialBackoffMs: 1 }, interceptors: [count] });
    await expect(graph.getElement({ elementId: "e1" })).rejects.toMatchObject({ code: Code.Unavailable });
    expect(attempts).toBe(3);
  });

  test("cancelling ends a call as CANCELLED, after one attempt", async () => {
    const caller = new AbortController();
    let attempts = 0;
    const cancel: Interceptor = (next) => (request) => {
      attempts++;
      setTimeout(() => caller.abort(), 20);
      return next(request);
    };
    const { graph } = open({ baseUrl: platform.url, interceptors: [cancel] });
    const call = graph.getElement({ elementId: "slow" }, { signal: caller.signal });
    await expect(call).rejects.toMatchObject({ code: Code.Canceled });
    expect(attempts).toBe(1);
  });

  test("the timeout leaves streams alone", async () => {
    const ids: (string | undefined)[] = [];
    for await (const { element } of open({ baseUrl: platform.url, timeoutMs: SLOW_MS / 3 }).graph.watchElements({})) {
      ids.push(element?.id);
    }
    expect(ids).toEqual(["first", "second"]);
  });

  test.each(["127.0.0.1:8080", "localhost:8080", "ftp://localhost", ""])("%j is no address", (baseUrl) => {
    expect(() => open({ baseUrl })).toThrow(`baseUrl: found "${baseUrl}", expected an address like`);
  });

  test.each([0, -1, Number.NaN, Infinity, 2 ** 31])("%d is no timeout", (timeoutMs) => {
    expect(() => open({ baseUrl: platform.url, timeoutMs })).toThrow("timeoutMs: found");
  });
});

test.each(["1.1", "2"] as const)("node names the SDK and its version over HTTP/%s", async (httpVersion) => {
  await using platform = await startPlatform(httpVersion);
  const protocol = httpVersion === "2" ? "grpc" : "connect";
  await new NodeClient({ baseUrl: platform.url, protocol }).graph.getElement({ elementId: "e1" });
  expect(platform.seen[0]?.get("user-agent")).toBe(`ameide-sdk-ts/${manifest.version}`);
  expect(USER_AGENT).toBe(`ameide-sdk-ts/${manifest.version}`);
});
