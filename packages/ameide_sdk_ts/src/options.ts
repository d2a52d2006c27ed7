import type { Interceptor } from "@connectrpc/connect";

import { manifest, type RetryPolicy } from "./manifest.js";

/** What every call carries and goes through unless it says otherwise itself. */
export interface InterceptorOptions {
  /** Bearer token, or a function that is asked once a call. */
  readonly token?: string | TokenProvider;
  readonly tenantId?: string;
  /** Bounds calls with one answer that name no timeout themselves; streams run until one side ends them. */
  readonly timeoutMs?: number;
  /** Single values of the retry policy; `{ maxAttempts: 1 }` switches retries off. */
  readonly retry?: Partial<RetryPolicy>;
  /** Run inside of the SDK's own: they see each attempt, with all of the SDK's headers. */
  readonly interceptors?: readonly Interceptor[];
}

/** How to reach the platform, and what every call carries. */
export interface ClientOptions extends InterceptorOptions {
  /** Address with scheme, such as `https://api.ameide.io` (the default); a path in it prefixes every call. */
  readonly baseUrl?: string;
}

/** A call whose provider fails ends with UNAUTHENTICATED; what the provider said is in no error. */
export type TokenProvider = () => string | Promise<string>;

export const DEFAULT_TIMEOUT_MS = manifest.timeoutMs;

/** The longest that a timer of JavaScript waits; one that should wait longer fires at once. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/**
 * The address as transports want it.
 *
 * @throws TypeError when it is no http or https URL.
 */
export function requireBaseUrl({ baseUrl = manifest.endpoints.baseUrl }: ClientOptions): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (url?.protocol !== "http:" && url?.protocol !== "https:") {
    throw new TypeError(`baseUrl: found "${baseUrl}", expected an address like ${manifest.endpoints.baseUrl}`);
  }
  return baseUrl;
}

/**
 * The timeout of calls that name none, in milliseconds.
 *
 * @throws RangeError when it is not positive, or more than a timer can wait.
 */
export function requireTimeoutMs({ timeoutMs = DEFAULT_TIMEOUT_MS }: InterceptorOptions): number {
  if (!(timeoutMs > 0 && timeoutMs <= LONGEST_TIMEOUT_MS)) {
    throw new RangeError(`timeoutMs: found ${timeoutMs}, expected a positive number up to ${LONGEST_TIMEOUT_MS}`);
  }
  return timeoutMs;
}
