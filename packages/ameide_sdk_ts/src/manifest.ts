import document from "./ameide-client.json" with { type: "json" };

/** The names of `interceptors`. */
export type InterceptorName = "metadata" | "auth" | "timeout" | "retry" | "tracing" | "user";

/** Which calls are repeated, how often, and after which waits. */
export interface RetryPolicy {
  /** Attempts in all; 1 repeats nothing. */
  readonly maxAttempts: number;
  /** What the client waits before the second attempt, before `jitter`. */
  readonly initialBackoffMs: number;
  /** Each wait is that many times the one before it. */
  readonly backoffMultiplier: number;
  /** No wait is longer than this, before `jitter`. */
  readonly maxBackoffMs: number;
  /** Between which factors each wait is drawn. */
  readonly jitter: { readonly min: number; readonly max: number };
  /** Status codes in the spelling of gRPC, such as `UNAVAILABLE`. */
  readonly retryableCodes: readonly string[];
}

interface Manifest {
  readonly roster: readonly { readonly name: string; readonly service: string }[];
  readonly endpoints: { readonly baseUrl: string; readonly target: string };
  readonly headers: { readonly tenantId: string; readonly requestId: string };
  readonly interceptors: readonly string[];
  readonly timeoutMs: number;
  readonly maxMessageBytes: number;
  readonly retry: RetryPolicy;
}

/**
 * What the clients of all languages do by default: a copy of `sdk/manifest/ameide-client.json`.
 *
 * The package's `build` writes the document into the built module, because not every bundler and browser of our users
 * imports JSON.
 */
export const manifest: Manifest = document;
