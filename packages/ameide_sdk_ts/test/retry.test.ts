import { Code, ConnectError, type Interceptor } from "@connectrpc/connect";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { away, clientWith, UNAVAILABLE } from "./stub.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const EXACT = { jitter: { min: 1, max: 1 } };

/** How a call has ended so far; undefined while it runs. */
function ending(call: Promise<unknown>): () => unknown {
  let found: unknown;
  call.then(
    () => (found = "OK"),
    (error: ConnectError) => (found = Code[error.code]),
  );
  return () => found;
}

test("waits pass between attempts, and then the call succeeds", async () => {
  const times: number[] = [];
  const graph = clientWith({ retry: EXACT }, (attempt) => {
    times.push(performance.now());
    if (attempt < 3) {
      throw UNAVAILABLE;
    }
  });
  const start = performance.now();
  const ended = ending(graph.getElement({}));
  await vi.runAllTimersAsync();
  expect(ended()).toBe("OK");
  expect(times.map((time) => time - start)).toEqual([0, 250, 750]);
  expect(vi.getTimerCount()).toBe(0);
});

test("a wait of a fraction is not cut short", async () => {
  const times: number[] = [];
  const graph = clientWith({ retry: { ...EXACT, initialBackoffMs: 10.4, maxAttempts: 2 } }, () => {
    times.push(performance.now());
    throw UNAVAILABLE;
  });
  ending(graph.getElement({}));
  await vi.runAllTimersAsync();
  expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(10.4);
});

test("one attempt is no retry", async () => {
  const answer = vi.fn(away);
  const ended = ending(clientWith({ retry: { maxAttempts: 1 } }, answer).getElement({}));
  await vi.advanceTimersByTimeAsync(0);
  expect(ended()).toBe("Unavailable");
  expect(answer).toHaveBeenCalledOnce();
});

test("the codes of the policy are those that are repeated", async () => {
  const answer = vi.fn((attempt: number) => {
    throw new ConnectError("", attempt === 1 ? Code.Internal : Code.Unavailable);
  });
  const ended = ending(clientWith({ retry: { retryableCodes: ["INTERNAL"] } }, answer).getElement({}));
  await vi.runAllTimersAsync();
  expect(ended()).toBe("Unavailable");
  expect(answer).toHaveBeenCalledTimes(2);
});

test("cancelling ends a wait at once", async () => {
  const answer = vi.fn(away);
  const caller = new AbortController();
  const call = clientWith({ retry: EXACT }, answer).getElement({}, { signal: caller.signal });
  const ended = ending(call);
  await vi.advanceTimersByTimeAsync(100);
  expect(ended()).toBeUndefined();
  caller.abort();
  await vi.advanceTimersByTimeAsync(0);
  expect(ended()).toBe("Canceled");
  expect(answer).toHaveBeenCalledOnce();
  expect(vi.getTimerCount()).toBe(0);
});

test("a wait that would end after the deadline is not begun: the last error ends the call", async () => {
  const answer = vi.fn(away);
  const retry = { ...EXACT, initialBackoffMs: 300, backoffMultiplier: 1 };
  const ended = ending(clientWith({ timeoutMs: 500, retry }, answer).getElement({}));
  await vi.advanceTimersByTimeAsync(300);
  expect(ended()).toBe("Unavailable");
  expect(answer).toHaveBeenCalledTimes(2);
  expect(vi.getTimerCount()).toBe(0);
});

test("the deadline that a call names counts as well", async () => {
  const answer = vi.fn(away);
  const graph = clientWith({ retry: { ...EXACT, initialBackoffMs: 300 } }, answer);
  const ended = ending(graph.getElement({}, { timeoutMs: 300 }));
  await vi.advanceTimersByTimeAsync(0);
  expect(ended()).toBe("Unavailable");
  expect(answer).toHaveBeenCalledOnce();
});

test("a stream is not repeated", async () => {
  const answer = vi.fn(away);
  const stream = clientWith({}, answer).watchElements({})[Symbol.asyncIterator]();
  const ended = ending(stream.next());
  await vi.runAllTimersAsync();
  expect(ended()).toBe("Unavailable");
  expect(answer).toHaveBeenCalledOnce();
});

test("each attempt has headers of its own, and the request id of the call", async () => {
  const found: (string | null)[][] = [];
  const append: Interceptor = (next) => (request) => {
    request.header.append("x-seen", "once");
    return next(request);
  };
  const graph = clientWith({ interceptors: [append] }, (_, { header }) => {
    found.push([header.get("x-seen"), header.get("x-request-id")]);
    throw UNAVAILABLE;
  });
  ending(graph.getElement({}, { headers: { "x-request-id": "r1" } }));
  await vi.runAllTimersAsync();
  expect(found).toEqual([
    ["once", "r1"],
    ["once", "r1"],
    ["once", "r1"],
  ]);
});
