import { Code } from "@connectrpc/connect";
import { afterEach, beforeEach, expect, test } from "vitest";

import { graphV1 } from "../src/proto/index.js";
import { startService, storedIn, type Running } from "./running.js";

const { APPLICATION, NODE, PROCESS } = graphV1.ElementKind;
const UNKNOWN = "00000000-0000-4000-8000-000000000000";

let running: Running;
beforeEach(async () => {
  running = await startService();
});
afterEach(() => running[Symbol.asyncDispose]());

test("writes the fields that the mask names and leaves the others", async () => {
  const { id } = await storedIn(running, "before");
  const { element } = await running.web.updateElement({
    element: { id, name: "ignored", description: "new", metadata: { labels: { team: "money" } } },
    updateMask: { paths: ["description", "metadata.labels"] },
  });
  expect(element).toMatchObject({ name: "before", kind: APPLICATION, description: "new", metadata: { labels: { team: "money" } } });
  expect((await running.web.getElement({ elementId: id })).element).toEqual(element);
});

test("without a mask every field is written, unset ones cleared", async () => {
  const { element: before } = await running.web.createElement({
    element: { name: "a", kind: NODE, description: "gone", source: { case: "documentUri", value: "https://example.org" } },
  });
  const { element } = await running.web.updateElement({ element: { id: before!.id, name: "b", kind: PROCESS } });
  expect(element).toMatchObject({ name: "b", kind: PROCESS, description: "", source: { case: undefined } });
  expect(element?.metadata?.createTime).toEqual(before?.metadata?.createTime);
});

test("a masked member of the source replaces the other one", async () => {
  const origin = await storedIn(running, "origin");
  const { element: before } = await running.web.createElement({
    element: { name: "a", kind: NODE, source: { case: "documentUri", value: "https://example.org" } },
  });
  const { element } = await running.web.updateElement({
    element: { id: before!.id, source: { case: "originElementId", value: origin.id } },
    updateMask: { paths: ["origin_element_id"] },
  });
  expect(element?.source).toEqual({ case: "originElementId", value: origin.id });
});

test("every write changes the etag, and an outdated one is refused", async () => {
  const first = await storedIn(running, "a");
  const { element: second } = await running.web.updateElement({ element: { ...first, name: "b" } });
  expect(second?.metadata?.etag).not.toBe(first.metadata?.etag);
  await expect(running.web.updateElement({ element: { ...first, name: "c" } })).rejects.toMatchObject({ code: Code.Aborted });
  expect((await running.web.getElement({ elementId: first.id })).element?.name).toBe("b");
});

test.each(["id", "metadata.etag", "nonsense"])("the path %s is refused", async (path) => {
  const { id } = await storedIn(running, "a");
  await expect(running.web.updateElement({ element: { id }, updateMask: { paths: [path] } })).rejects.toMatchObject({
    code: Code.InvalidArgument,
    rawMessage: expect.stringContaining(`update_mask: found "${path}"`),
  });
});

test("a result that breaks the rules is refused and not stored", async () => {
  const { id } = await storedIn(running, "a");
  await expect(running.web.updateElement({ element: { id }, updateMask: { paths: ["name"] } })).rejects.toMatchObject({
    code: Code.InvalidArgument,
    rawMessage: expect.stringContaining("name: "),
  });
  expect((await running.web.getElement({ elementId: id })).element?.name).toBe("a");
});

test("a new relationship to an unknown element is refused and not stored", async () => {
  const { id } = await storedIn(running, "a");
  const relationships = [{ targetElementId: UNKNOWN, kind: graphV1.RelationshipKind.SERVES }];
  const request = { element: { id, relationships }, updateMask: { paths: ["relationships"] } };
  await expect(running.web.updateElement(request)).rejects.toMatchObject({ code: Code.FailedPrecondition });
  expect((await running.web.getElement({ elementId: id })).element?.relationships).toEqual([]);
});

test("an element without id is refused, an unknown one not found", async () => {
  await expect(running.web.updateElement({})).rejects.toMatchObject({ code: Code.InvalidArgument });
  await expect(running.web.updateElement({ element: { id: UNKNOWN } })).rejects.toMatchObject({ code: Code.NotFound });
});
