import { manifest, type RetryPolicy } from "../manifest.js";
import { STATUS_NAMES } from "../status.js";

/** What to wait after that attempt, the first being 1; `random` is from 0 to 1. */
export function backoffMs(policy: RetryPolicy, attempt: number, random: number): number {
  const { initialBackoffMs, backoffMultiplier, maxBackoffMs, jitter } = policy;
  const backoff = Math.min(initialBackoffMs * backoffMultiplier ** (attempt - 1), maxBackoffMs);
  return backoff * (jitter.min + random * (jitter.max - jitter.min));
}

/**
 * The manifest's policy with the values that are given.
 *
 * @throws RangeError for a value that makes no policy.
 */
export function requireRetryPolicy(given: Partial<RetryPolicy> = {}): RetryPolicy {
  const policy = { ...manifest.retry, ...given };
  const { maxAttempts, jitter, retryableCodes } = policy;
  expect("maxAttempts", maxAttempts, Number.isInteger(maxAttempts) && maxAttempts >= 1, "a whole number from 1");
  for (const name of ["initialBackoffMs", "backoffMultiplier", "maxBackoffMs"] as const) {
    expect(name, policy[name], policy[name] >= 0 && policy[name] < Infinity, "a number from 0");
  }
  expect("jitter.min", jitter.min, jitter.min >= 0, "a number from 0");
  expect("jitter.max", jitter.max, jitter.max >= jitter.min && jitter.max < Infinity, "a number from jitter.min");
  for (const code of retryableCodes) {
    expect("retryableCodes", code, STATUS_NAMES.has(code), "the name of a status code, such as UNAVAILABLE");
  }
  return policy;
}

function expect(name: string, found: unknown, right: boolean, expected: string): void {
  if (!right) {
    throw new RangeError(`retry.${name}: found ${found}, expected ${expected}`);
  }
}
