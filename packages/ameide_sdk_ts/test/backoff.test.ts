import { describe, expect, test } from "vitest";

import { backoffMs, requireRetryPolicy } from "../src/interceptors/backoff.js";
import type { RetryPolicy } from "../src/manifest.js";

const POLICY: RetryPolicy = {
  maxAttempts: 9,
  initialBackoffMs: 100,
  backoffMultiplier: 3,
  maxBackoffMs: 2000,
  jitter: { min: 0.5, max: 2.5 },
  retryableCodes: ["UNAVAILABLE"],
};

test.each([
  [1, 100],
  [2, 300],
  [3, 900],
  [4, 2000],
  [5, 2000],
  [1000, 2000],
])("after attempt %d it is %d ms, before jitter", (attempt, expected) => {
  expect(backoffMs({ ...POLICY, jitter: { min: 1, max: 1 } }, attempt, 0.7)).toBe(expected);
});

test.each([
  [0, 50],
  [0.25, 100],
  [1, 250],
])("a random %d makes it %d ms", (random, expected) => {
  expect(backoffMs(POLICY, 1, random)).toBe(expected);
});

test("jitter comes after the bound", () => {
  expect(backoffMs(POLICY, 4, 1)).toBe(5000);
});

describe("a policy", () => {
  test("takes single values, and leaves the others as the manifest has them", () => {
    const { maxAttempts, initialBackoffMs, retryableCodes } = requireRetryPolicy({ maxAttempts: 1 });
    expect([maxAttempts, initialBackoffMs]).toEqual([1, 250]);
    expect(retryableCodes).toContain("ABORTED");
  });

  test.each<[Partial<RetryPolicy>, string]>([
    [{ maxAttempts: 0 }, "retry.maxAttempts: found 0, expected a whole number from 1"],
    [{ maxAttempts: 1.5 }, "retry.maxAttempts: found 1.5, expected a whole number from 1"],
    [{ initialBackoffMs: -1 }, "retry.initialBackoffMs: found -1, expected a number from 0"],
    [{ backoffMultiplier: Number.NaN }, "retry.backoffMultiplier: found NaN, expected a number from 0"],
    [{ maxBackoffMs: Infinity }, "retry.maxBackoffMs: found Infinity, expected a number from 0"],
    [{ jitter: { min: -1, max: 1 } }, "retry.jitter.min: found -1, expected a number from 0"],
    [{ jitter: { min: 2, max: 1 } }, "retry.jitter.max: found 1, expected a number from jitter.min"],
    [{ retryableCodes: ["CANCELED"] }, "retry.retryableCodes: found CANCELED, expected the name of a status code"],
  ])("%j is none", (given, message) => {
    expect(() => requireRetryPolicy(given)).toThrow(message);
  });
});
