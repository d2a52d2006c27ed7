import { Code } from "@connectrpc/connect";
import { afterEach, beforeEach, expect, test } from "vitest";

import { graphV1 } from "../src/proto/index.js";
import { startService, storedIn, type Running } from "./running.js";

const { NODE, PROCESS } = graphV1.ElementKind;
const UNKNOWN = "00000000-0000-4000-8000-000000000000";

let running: Running;
beforeEach(async () => {
  running = await startService();
});
afterEach(() => running[Symbol.asyncDispose]());

test.each(["web", "grpc"] as const)("what was created is read back over %s", async (door) => {
  const target = await storedIn(running, "target");
  const { element } = await running[door].createElement({
    element: {
      id: "chosen by the client",
      name: "billing",
      kind: PROCESS,
      description: "sends invoices",
      properties: { cost: 12.5, owners: ["a", "b"] },
      relationships: [{ targetElementId: target.id, kind: graphV1.RelationshipKind.SERVES }],
      source: { case: "documentUri", value: "https://example.org/billing" },
      metadata: { etag: "chosen by the client", labels: { team: "money" } },
    },
  });
  expect(element).toMatchObject({
    name: "billing",
    kind: PROCESS,
    description: "sends invoices",
    properties: { cost: 12.5, owners: ["a", "b"] },
    relationships: [{ targetElementId: target.id, kind: graphV1.RelationshipKind.SERVES }],
    source: { case: "documentUri", value: "https://example.org/billing" },
    metadata: { labels: { team: "money" } },
  });
  expect(element?.id).toMatch(/^[0-9a-f-]{36}$/);
  expect(element?.metadata?.etag).toMatch(/^[0-9a-f-]{36}$/);
  expect(element?.metadata?.createTime).toEqual(element?.metadata?.updateTime);
  const read = await running[door].getElement({ elementId: element!.id });
  expect(read.element).toEqual(element);
});

test("an unknown element is not found", async () => {
  await expect(running.web.getElement({ elementId: UNKNOWN })).rejects.toMatchObject({
    code: Code.NotFound,
    rawMessage: `element "${UNKNOWN}" does not exist`,
  });
});

test.each([
  ["no element", {}, "element: "],
  ["no name", { element: { kind: NODE } }, "element.name: "],
  ["a name too long", { element: { name: "x".repeat(257), kind: NODE } }, "element.name: "],
  ["no kind", { element: { name: "a" } }, "element.kind: "],
  ["a kind that is none", { element: { name: "a", kind: 99 as graphV1.ElementKind } }, "element.kind: "],
  [
    "a document that is no address",
    { element: { name: "a", kind: NODE, source: { case: "documentUri" as const, value: "not an address" } } },
    "element.document_uri: ",
  ],
])("%s is refused, naming the field", async (_, request, field) => {
  await expect(running.web.createElement(request)).rejects.toMatchObject({
    code: Code.InvalidArgument,
    rawMessage: expect.stringContaining(field),
  });
  expect((await running.web.listElements({})).elements).toEqual([]);
});

test("a relationship to an unknown element is refused", async () => {
  const relationships = [{ targetElementId: UNKNOWN, kind: graphV1.RelationshipKind.SERVES }];
  await expect(running.web.createElement({ element: { name: "a", kind: NODE, relationships } })).rejects.toMatchObject({
    code: Code.FailedPrecondition,
  });
});
