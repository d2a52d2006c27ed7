import { createContextKey, createContextValues, type ContextKey, type ContextValues } from "@connectrpc/connect";
import { context, type Context } from "@opentelemetry/api";

import { hasTimeout, timeoutMsOf, type Request } from "./request.js";

/** What the interceptors of one call tell each other. */
export interface Call {
  /** The call says itself how long it may take. */
  readonly bounded: boolean;
  /** When the call must be over, on the clock of `performance.now()`. */
  deadline: number | undefined;
  /** The caller's context: browsers lose it at the first `await`. */
  readonly parent: Context;
}

const WANTS_NO_TIMEOUT = createContextKey(false, { description: "the call wants no timeout" });

/** Must run before anything is awaited. */
export function beginCall(request: Request): Call {
  const timeoutMs = timeoutMsOf(request.header);
  return {
    bounded: hasTimeout(request.header) || request.contextValues.get(WANTS_NO_TIMEOUT),
    deadline: timeoutMs === undefined ? undefined : performance.now() + timeoutMs,
    parent: context.active(),
  };
}

/**
 * The values of a call that wants no timeout. Transports hand those on, while they drop a `timeoutMs` that is not
 * positive. The caller's own values stay as they are: they may serve other calls.
 */
export function withoutTimeout(values: ContextValues = createContextValues()): ContextValues {
  return {
    get<T>(key: ContextKey<T>): T {
      return key.id === WANTS_NO_TIMEOUT.id ? (true as T) : values.get(key);
    },
    set(key, value) {
      values.set(key, value);
      return this;
    },
    delete(key) {
      values.delete(key);
      return this;
    },
  };
}
