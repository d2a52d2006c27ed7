import type { Interceptor } from "@connectrpc/connect";

/** How to reach the platform, and what every call carries unless it says otherwise itself. */
export interface ClientOptions {
  /** Address with scheme, such as `https://api.ameide.io`; a path in it prefixes every call. */
  readonly baseUrl: string;
  /** Bearer token, or a function that is asked before each call. */
  readonly token?: string | (() => string | Promise<string>);
  readonly tenantId?: string;
  /** Bounds calls with one answer that name no timeout themselves; streams run until one side ends them. */
  readonly timeoutMs?: number;
  /** Run inside of the SDK's own, so they see the headers that it set. */
  readonly interceptors?: readonly Interceptor[];
}

export const DEFAULT_TIMEOUT_MS = 5_000;

/**
 * The address as transports want it.
 *
 * @throws TypeError when it is no http or https URL.
 */
export function requireBaseUrl(options: ClientOptions): string {
  const url = URL.canParse(options.baseUrl) ? new URL(options.baseUrl) : undefined;
  if (url?.protocol !== "http:" && url?.protocol !== "https:") {
    throw new TypeError(`baseUrl: found "${options.baseUrl}", expected an address like https://api.ameide.io`);
  }
  return options.baseUrl;
}

/**
 * The timeout of calls that name none, in milliseconds.
 *
 * @throws RangeError when it is not positive.
 */
export function requireTimeoutMs(options: ClientOptions): number {
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  if (!(timeoutMs > 0)) {
    throw new RangeError(`timeoutMs: found ${timeoutMs}, expected a positive number`);
  }
  return timeoutMs;
}
