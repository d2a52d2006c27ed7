import { Code, ConnectError, createContextKey, createContextValues } from "@connectrpc/connect";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { beginCall, type Call } from "../src/interceptors/call.js";
import { tellTimeout, timeoutMsOf, type Request } from "../src/interceptors/request.js";
import { timeout } from "../src/interceptors/timeout.js";
import { clientWith, silent, UNAVAILABLE } from "./stub.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const CONNECT = "application/proto";

describe.each([
  ["Connect", CONNECT, (ms: number) => `${ms}`],
  ["gRPC", "application/grpc+proto", (ms: number) => `${ms}m`],
  ["gRPC-Web", "application/grpc-web+proto", (ms: number) => `${ms}m`],
])("the header of %s", (_, contentType, text) => {
  const name = contentType === CONNECT ? "connect-timeout-ms" : "grpc-timeout";
  const headers = (more: Record<string, string> = {}) => new Headers({ "content-type": contentType, ...more });

  test.each([
    [1500, 1500],
    [1500.9, 1500],
    [0.2, 1],
    [-3, 1],
  ])("says for %d ms %d", (timeoutMs, expected) => {
    const header = headers();
    tellTimeout(header, timeoutMs);
    expect(header.get(name)).toBe(text(expected));
    expect(timeoutMsOf(header)).toBe(expected);
  });

  test("has no more digits than the protocol allows", () => {
    const header = headers();
    tellTimeout(header, 1e15);
    expect(header.get(name)).toBe(contentType === CONNECT ? "9999999999" : "99999999m");
  });

  test("that is missing, or somebody's own, names no milliseconds", () => {
    expect(timeoutMsOf(headers())).toBeUndefined();
    expect(timeoutMsOf(headers({ [name]: "3S" }))).toBeUndefined();
  });
});

/** What each attempt tells the server about its time, after three attempts with waits of 100 ms. */
async function told(clientTimeoutMs: number, timeoutMs?: number): Promise<(string | null)[]> {
  const found: (string | null)[] = [];
  const retry = { initialBackoffMs: 100, backoffMultiplier: 1, jitter: { min: 1, max: 1 } };
  const graph = clientWith({ timeoutMs: clientTimeoutMs, retry }, (_, { header }) => {
    found.push(header.get("connect-timeout-ms"));
    throw UNAVAILABLE;
  });
  const call = graph.getElement({}, timeoutMs === undefined ? {} : { timeoutMs }).catch(() => {});
  await vi.runAllTimersAsync();
  await call;
  return found;
}

test.each([
  ["the client", 1000, undefined, ["1000", "900", "800"]],
  ["the call", 1000, 5000, ["5000", "4900", "4800"]],
])("each attempt tells what is left of the timeout of %s", async (_, client, call, expected) => {
  expect(await told(client, call)).toEqual(expected);
});

test.each([0, -1])("a call with %d for its timeout has none", async (timeoutMs) => {
  expect(await told(150, timeoutMs)).toEqual([null, null, null]);
});

test("a call without a timeout keeps the caller's values, which serve other calls", async () => {
  const key = createContextKey("nothing");
  const contextValues = createContextValues().set(key, "something");
  const found: unknown[] = [];
  const graph = clientWith({ timeoutMs: 100 }, (_, { header, contextValues }) => {
    found.push([contextValues.get(key), header.has("connect-timeout-ms")]);
  });
  await graph.getElement({}, { contextValues, timeoutMs: 0 });
  await graph.getElement({}, { contextValues });
  expect(found).toEqual([
    ["something", false],
    ["something", true],
  ]);
});

test("time that the token takes counts where the call names its timeout", async () => {
  const found: (string | null)[] = [];
  const token = () => new Promise<string>((resolve) => setTimeout(resolve, 400, "a token"));
  const graph = clientWith({ token }, (_, { header }) => void found.push(header.get("connect-timeout-ms")));
  const call = graph.getElement({}, { timeoutMs: 1000 });
  await vi.runAllTimersAsync();
  await call;
  expect(found).toEqual(["600"]);
});

test("a stream that names a timeout tells it, and has none otherwise", async () => {
  const found: (string | null)[] = [];
  const graph = clientWith({}, (_, { header }) => {
    found.push(header.get("connect-timeout-ms"));
    throw UNAVAILABLE;
  });
  for (const options of [{ timeoutMs: 700 }, {}]) {
    await graph.watchElements({}, options)[Symbol.asyncIterator]().next().catch(() => {});
  }
  expect(found).toEqual(["700", null]);
});

test("a call that is answered leaves no timer behind", async () => {
  await clientWith({}, () => {}).getElement({});
  expect(vi.getTimerCount()).toBe(0);
});

test("the timeout ends a call, and leaves no timer behind", async () => {
  const call = clientWith({ timeoutMs: 200 }, silent).getElement({});
  const ended = expect(call).rejects.toMatchObject({ code: Code.DeadlineExceeded });
  await vi.advanceTimersByTimeAsync(200);
  await ended;
  expect(vi.getTimerCount()).toBe(0);
});

test("a transport that hides why it was stopped does not hide the timeout", async () => {
  const graph = clientWith({ timeoutMs: 200 }, (attempt, request) =>
    Promise.resolve(silent(attempt, request)).catch(() => {
      throw new ConnectError("stopped", Code.Unknown);
    }),
  );
  const ended = expect(graph.getElement({})).rejects.toMatchObject({ code: Code.DeadlineExceeded });
  await vi.advanceTimersByTimeAsync(200);
  await ended;
});

test("a call with many messages and one answer is bounded until its answer has come", async () => {
  const signal = new AbortController().signal;
  const header = new Headers({ "content-type": CONNECT });
  const contextValues = createContextValues();
  const method = { methodKind: "client_streaming" };
  const request = { stream: true, method, signal, header, contextValues } as Request;
  const call: Call = beginCall(request);
  const answer = (async function* () {
    yield "the answer";
  })();
  const response = await timeout(200, call)(async () => ({ stream: true, message: answer }) as never)(request);
  expect(vi.getTimerCount()).toBe(1);
  const found: unknown[] = [];
  for await (const message of response.message as AsyncIterable<unknown>) {
    found.push(message);
  }
  expect(found).toEqual(["the answer"]);
  expect(vi.getTimerCount()).toBe(0);
});
