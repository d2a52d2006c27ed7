import type { Interceptor } from "@connectrpc/connect";
import { trace } from "@opentelemetry/api";
import { vi } from "vitest";

import type { Open } from "./doors.js";

const TIMEOUT_MS = 54_321;

/**
 * The SDK's interceptors in the order in which they are seen at work, outermost first, during a call of two attempts.
 * What both attempts repeat is inside of `retry`.
 */
export async function orderAtWork(open: Open): Promise<string[]> {
  const seen: string[] = [];
  using _ = watchMetadata(seen);
  using __ = watchTimeout(seen);
  using ___ = watchTracing(seen);
  const user: Interceptor = (next) => (request) => (seen.push("user"), next(request));
  const client = open({
    baseUrl: "http://127.0.0.1:1", // Nothing listens there.
    tenantId: "acme",
    token: () => (seen.push("auth"), "a token"),
    timeoutMs: TIMEOUT_MS,
    retry: { maxAttempts: 2, initialBackoffMs: 1 },
    interceptors: [user],
  });
  await client.graph.getElement({ elementId: "e1" }).catch(() => {});
  const names = [...new Set(seen)];
  const inside = names.findIndex((name) => seen.indexOf(name) !== seen.lastIndexOf(name));
  return names.toSpliced(inside === -1 ? names.length : inside, 0, "retry");
}

function watchMetadata(seen: string[]): Disposable {
  const set = Headers.prototype.set;
  return vi.spyOn(Headers.prototype, "set").mockImplementation(function (this: Headers, name, value) {
    if (value === "acme") {
      seen.push("metadata");
    }
    set.call(this, name, value);
  });
}

function watchTimeout(seen: string[]): Disposable {
  const set = globalThis.setTimeout;
  const watched = (...words: Parameters<typeof set>) => {
    if (words[1] === TIMEOUT_MS) {
      seen.push("timeout");
    }
    return set(...words);
  };
  return vi.spyOn(globalThis, "setTimeout").mockImplementation(watched as typeof set);
}

function watchTracing(seen: string[]): Disposable {
  const get = trace.getTracer.bind(trace);
  return vi.spyOn(trace, "getTracer").mockImplementation((...words) => (seen.push("tracing"), get(...words)));
}
