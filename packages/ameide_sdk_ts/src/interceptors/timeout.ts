import { Code, ConnectError, type Interceptor } from "@connectrpc/connect";

import { untilEnd } from "../waiting.js";
import type { Call } from "./call.js";
import { tellTimeout, type Request } from "./request.js";

/** Bounds a call with one answer that says nothing about its time itself, with all that happens inside of it. */
export function timeout(timeoutMs: number, call: Call): Interceptor {
  return (next) => async (request) => {
    if (call.bounded || !answersOnce(request)) {
      return next(request);
    }
    call.deadline = performance.now() + timeoutMs;
    tellTimeout(request.header, timeoutMs);
    const expiry = new AbortController();
    const timer = setTimeout(() => expiry.abort(expired()), timeoutMs);
    const stop = () => clearTimeout(timer);
    const signal = AbortSignal.any([request.signal, expiry.signal]);
    try {
      const response = await next({ ...request, signal });
      if (response.stream) {
        return { ...response, message: untilEnd(response.message, stop) };
      }
      stop();
      return response;
    } catch (error) {
      stop();
      // Not every transport passes on why it was stopped.
      throw signal.aborted ? signal.reason : error;
    }
  };
}

function answersOnce({ method }: Request): boolean {
  return method.methodKind === "unary" || method.methodKind === "client_streaming";
}

function expired(): ConnectError {
  return new ConnectError("the operation timed out", Code.DeadlineExceeded);
}
