import { readFileSync } from "node:fs";

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { DOORS, type Door } from "./doors.js";
import * as effective from "./effective.js";
import { largestMessage } from "./largest.js";
import { orderAtWork } from "./order.js";

const MANIFEST = "sdk/manifest/ameide-client.json";
const COPY = "packages/ameide_sdk_ts/src/ameide-client.json";
const UPDATE = `run\n  cp ${MANIFEST} ${COPY}\n`;

const textOf = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");
const manifest = JSON.parse(textOf(MANIFEST)) as object;
const copy = JSON.parse(textOf(COPY)) as object;

/** What a client does by default, for each key of the manifest. */
const CASES: Record<string, (door: Door) => Promise<unknown>> = {
  roster: ({ open }) => effective.roster(open),
  "endpoints.baseUrl": ({ open }) => effective.baseUrl(open),
  "endpoints.target": ({ open }) => effective.target(open),
  "headers.tenantId": ({ open }) => effective.tenantIdHeader(open),
  "headers.requestId": ({ open }) => effective.requestIdHeader(open),
  interceptors: ({ open }) => orderAtWork(open),
  timeoutMs: ({ open }) => effective.timeoutMs(open),
  maxMessageBytes: ({ name }) => largestMessage(name === "node over grpc" ? "grpc" : "connect"),
  "retry.maxAttempts": ({ open }) => effective.maxAttempts(open),
  "retry.initialBackoffMs": ({ open }) => effective.initialBackoffMs(open),
  "retry.backoffMultiplier": ({ open }) => effective.backoffMultiplier(open),
  "retry.maxBackoffMs": ({ open }) => effective.maxBackoffMs(open),
  "retry.jitter.min": ({ open }) => effective.jitterMin(open),
  "retry.jitter.max": ({ open }) => effective.jitterMax(open),
  "retry.retryableCodes": ({ open }) => effective.retryableCodes(open),
};
const REAL_SOCKETS = ["interceptors", "maxMessageBytes"];

/** `retry.jitter.min`, …; a list is one value. */
function keysOf(value: object, path = ""): string[] {
  return Object.entries(value).flatMap(([name, inner]) =>
    typeof inner === "object" && !Array.isArray(inner) ? keysOf(inner, `${path}${name}.`) : [`${path}${name}`],
  );
}

function valueAt(document: unknown, key: string): unknown {
  return key.split(".").reduce((value, name) => (value as Record<string, unknown> | undefined)?.[name], document);
}

test("each key of the manifest has a case, and each case a key", () => {
  expect(Object.keys(CASES).sort()).toEqual(keysOf(manifest).sort());
});

test("the copy is the manifest, byte by byte", () => {
  expect(textOf(COPY), UPDATE).toBe(textOf(MANIFEST));
});

describe.each(DOORS)("$name", (door) => {
  const keys = Object.keys(CASES).filter(
    (key) => (door.addressed || !key.startsWith("endpoints.")) && (door.bounded || key !== "maxMessageBytes"),
  );

  beforeEach(({ task }) => {
    if (!REAL_SOCKETS.includes(task.name)) {
      vi.useFakeTimers();
    }
  });
  afterEach(() => void vi.useRealTimers());

  test.each(keys)("%s", async (key) => {
    const expected = valueAt(manifest, key);
    expect(valueAt(copy, key), `${COPY}: ${key} differs: ${UPDATE}`).toEqual(expected);
    const found = await CASES[key]!(door);
    const wanted = found instanceof Set ? new Set(expected as string[]) : expected;
    expect(found, `${key}: the client does not do what ${MANIFEST} says`).toEqual(wanted);
  });
});
