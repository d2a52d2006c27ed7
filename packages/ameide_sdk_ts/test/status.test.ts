import { Code, ConnectError } from "@connectrpc/connect";
import { expect, test } from "vitest";

import { STATUS_NAMES, statusOf } from "../src/status.js";

test("names are those of gRPC", () => {
  expect([...STATUS_NAMES]).toEqual([
    "CANCELLED",
    "UNKNOWN",
    "INVALID_ARGUMENT",
    "DEADLINE_EXCEEDED",
    "NOT_FOUND",
    "ALREADY_EXISTS",
    "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED",
    "FAILED_PRECONDITION",
    "ABORTED",
    "OUT_OF_RANGE",
    "UNIMPLEMENTED",
    "INTERNAL",
    "UNAVAILABLE",
    "DATA_LOSS",
    "UNAUTHENTICATED",
  ]);
});

test.each([
  [new ConnectError("", Code.ResourceExhausted), "RESOURCE_EXHAUSTED"],
  [new DOMException("", "AbortError"), "CANCELLED"],
  [new Error("a bug"), "UNKNOWN"],
  ["text", "UNKNOWN"],
])("%s is %s", (error, name) => {
  expect(statusOf(error)).toBe(name);
});
