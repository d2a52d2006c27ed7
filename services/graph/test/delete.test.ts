import { Code } from "@connectrpc/connect";
import { afterEach, beforeEach, expect, test } from "vitest";

import { graphV1 } from "../src/proto/index.js";
import { startService, storedIn, type Running } from "./running.js";

const { NODE } = graphV1.ElementKind;

let running: Running;
beforeEach(async () => {
  running = await startService();
});
afterEach(() => running[Symbol.asyncDispose]());

test("a deleted element is gone", async () => {
  const { id } = await storedIn(running, "a");
  await running.web.deleteElement({ elementId: id });
  await expect(running.web.getElement({ elementId: id })).rejects.toMatchObject({ code: Code.NotFound });
  await expect(running.web.deleteElement({ elementId: id })).rejects.toMatchObject({ code: Code.NotFound });
});

test("an element that changed in the meantime stays", async () => {
  const { id, metadata } = await storedIn(running, "a");
  await running.web.updateElement({ element: { id, name: "b" }, updateMask: { paths: ["name"] } });
  await expect(running.web.deleteElement({ elementId: id, etag: metadata!.etag })).rejects.toMatchObject({ code: Code.Aborted });
  expect((await running.web.getElement({ elementId: id })).element?.name).toBe("b");
});

test("an element that others refer to stays", async () => {
  const target = await storedIn(running, "target");
  const { element: user } = await running.web.createElement({
    element: { name: "user", kind: NODE, source: { case: "originElementId", value: target.id } },
  });
  await expect(running.web.deleteElement({ elementId: target.id })).rejects.toMatchObject({ code: Code.FailedPrecondition });
  await running.web.deleteElement({ elementId: user!.id });
  await running.web.deleteElement({ elementId: target.id });
});
