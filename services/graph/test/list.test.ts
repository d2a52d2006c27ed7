import { Code } from "@connectrpc/connect";
import { afterEach, beforeEach, expect, test } from "vitest";

import { graphV1 } from "../src/proto/index.js";
import { startService, storedIn, type Running } from "./running.js";

const { APPLICATION, NODE, PROCESS } = graphV1.ElementKind;

let running: Running;
beforeEach(async () => {
  running = await startService();
});
afterEach(() => running[Symbol.asyncDispose]());

test("pages hold every element once, in order of creation, also when one is deleted in between", async () => {
  const elements = [];
  for (const name of ["a", "b", "c", "d", "e"]) {
    elements.push(await storedIn(running, name));
  }
  const first = await running.web.listElements({ page: { pageSize: 2 } });
  expect(first.elements.map(({ name }) => name)).toEqual(["a", "b"]);
  expect(first.page?.totalSize).toBe(5n);
  await running.web.deleteElement({ elementId: elements[1]!.id });
  const second = await running.web.listElements({ page: { pageSize: 2, pageToken: first.page!.nextPageToken } });
  expect(second.elements.map(({ name }) => name)).toEqual(["c", "d"]);
  const third = await running.web.listElements({ page: { pageSize: 2, pageToken: second.page!.nextPageToken } });
  expect(third.elements.map(({ name }) => name)).toEqual(["e"]);
  expect(third.page?.nextPageToken).toBe("");
});

test("a full last page has no token", async () => {
  await storedIn(running, "a");
  await storedIn(running, "b");
  const { page } = await running.web.listElements({ page: { pageSize: 2 } });
  expect(page?.nextPageToken).toBe("");
});

test("without a size a page has 50 elements", async () => {
  await Promise.all(Array.from({ length: 51 }, (_, index) => storedIn(running, `e${index}`)));
  const { elements, page } = await running.web.listElements({});
  expect(elements).toHaveLength(50);
  expect(page?.nextPageToken).not.toBe("");
});

test("kinds narrow the list and its total", async () => {
  await storedIn(running, "a", APPLICATION);
  await storedIn(running, "n", NODE);
  await storedIn(running, "p", PROCESS);
  const { elements, page } = await running.web.listElements({ kinds: [PROCESS, APPLICATION] });
  expect(elements.map(({ name }) => name)).toEqual(["a", "p"]);
  expect(page?.totalSize).toBe(2n);
});

test("a token of another list, or of none, is refused", async () => {
  await storedIn(running, "a");
  await storedIn(running, "b");
  const { page } = await running.web.listElements({ page: { pageSize: 1 } });
  for (const request of [
    { kinds: [NODE], page: { pageToken: page!.nextPageToken } },
    { page: { pageToken: "made up" } },
  ]) {
    await expect(running.web.listElements(request)).rejects.toMatchObject({ code: Code.InvalidArgument });
  }
});

test.each([-1, 1001])("a page size of %d is refused", async (pageSize) => {
  await expect(running.web.listElements({ page: { pageSize } })).rejects.toMatchObject({
    code: Code.InvalidArgument,
    rawMessage: expect.stringContaining("page.page_size: "),
  });
});
