import { Code } from "@connectrpc/connect";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { ChangeFeed, MAX_WAITING_CHANGES } from "../src/elements/changes.js";
import { graphV1 } from "../src/proto/index.js";
import { startService, type Running } from "./running.js";

const { APPLICATION, NODE } = graphV1.ElementKind;
const { CREATED, UPDATED, DELETED } = graphV1.ChangeKind;

let running: Running;
beforeEach(async () => {
  running = await startService();
});
afterEach(() => running[Symbol.asyncDispose]());

/** Changes of a watch that has begun; the stream is open until the signal, or the test's end. */
async function watching(door: "web" | "grpc", kinds: graphV1.ElementKind[] = [], signal?: AbortSignal) {
  const before = running.store.changes.watcherCount;
  const changes = running[door].watchElements({ kinds }, signal ? { signal } : {})[Symbol.asyncIterator]();
  const first = changes.next();
  first.catch(() => {});
  await vi.waitFor(() => expect(running.store.changes.watcherCount).toBe(before + 1));
  return { first, next: () => changes.next() };
}

function shown({ value }: IteratorResult<graphV1.WatchElementsResponse>) {
  return [value?.change, value?.element?.name];
}

test.each(["web", "grpc"] as const)("changes arrive over %s while the stream is open", async (door) => {
  const { first, next } = await watching(door);
  const { element } = await running.web.createElement({ element: { name: "a", kind: NODE } });
  expect(shown(await first)).toEqual([CREATED, "a"]);
  await running.web.updateElement({ element: { id: element!.id, name: "b" }, updateMask: { paths: ["name"] } });
  expect(shown(await next())).toEqual([UPDATED, "b"]);
  await running.web.deleteElement({ elementId: element!.id });
  expect(shown(await next())).toEqual([DELETED, "b"]);
});

test("what happened before the watch is not told", async () => {
  await running.web.createElement({ element: { name: "early", kind: NODE } });
  const { first } = await watching("web");
  await running.web.createElement({ element: { name: "late", kind: NODE } });
  expect(shown(await first)).toEqual([CREATED, "late"]);
});

test("kinds narrow the changes; an element that leaves a watched kind is told", async () => {
  const { first, next } = await watching("web", [NODE]);
  await running.web.createElement({ element: { name: "application", kind: APPLICATION } });
  const { element } = await running.web.createElement({ element: { name: "node", kind: NODE } });
  await running.web.updateElement({ element: { id: element!.id, kind: APPLICATION }, updateMask: { paths: ["kind"] } });
  expect(shown(await first)).toEqual([CREATED, "node"]);
  expect(shown(await next())).toEqual([UPDATED, "node"]);
});

test.each(["web", "grpc"] as const)("a client over %s that goes away is forgotten", async (door) => {
  const leaving = new AbortController();
  const { first } = await watching(door, [], leaving.signal);
  leaving.abort();
  await expect(first).rejects.toMatchObject({ code: Code.Canceled });
  await vi.waitFor(() => expect(running.store.changes.watcherCount).toBe(0));
});

test.each(["web", "grpc"] as const)("stopping the service ends streams over %s as unavailable", async (door) => {
  const { first } = await watching(door);
  const stopped = running.server.stop();
  await expect(first).rejects.toMatchObject({ code: Code.Unavailable });
  await stopped;
});

test("stopping the service does not wait for a client that no longer reads", { timeout: 3_000 }, async () => {
  const { first } = await watching("web");
  await running.web.createElement({ element: { name: "a", kind: NODE } });
  await first;
  await running.server.stop();
});

test("a watcher that falls too far behind is sent away", async () => {
  const feed = new ChangeFeed();
  const change = { kind: CREATED, time: new Date(), before: undefined, after: undefined };
  const changes = feed.watch(new AbortController().signal);
  const first = changes.next();
  Array.from({ length: MAX_WAITING_CHANGES + 2 }, () => feed.publish(change));
  await expect(first.then(() => changes.next())).rejects.toMatchObject({ code: Code.ResourceExhausted });
  expect(feed.watcherCount).toBe(0);
});
