import type { Interceptor } from "@connectrpc/connect";

import type { RetryPolicy } from "../manifest.js";
import { statusOf } from "../status.js";
import { pause } from "../waiting.js";
import { backoffMs } from "./backoff.js";
import type { Call } from "./call.js";
import { tellTimeout, type Request } from "./request.js";

/** Repeats calls with one request and one answer, as long as that can help and the deadline is not too near. */
export function retry(policy: RetryPolicy, call: Call): Interceptor {
  return (next) => async (request) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await next(attemptOf(request, call));
      } catch (error) {
        const waitMs = backoffMs(policy, attempt, Math.random());
        if (request.stream || attempt >= policy.maxAttempts || !isRetryable(error) || !endsInTime(waitMs)) {
          throw error;
        }
        await pause(waitMs, request.signal);
      }
    }
  };

  function isRetryable(error: unknown): boolean {
    return policy.retryableCodes.includes(statusOf(error));
  }

  function endsInTime(waitMs: number): boolean {
    return call.deadline === undefined || performance.now() + waitMs < call.deadline;
  }
}

/** With headers of its own, because interceptors of the user may write into them, and with what is left of the time. */
function attemptOf(request: Request, { deadline }: Call): Request {
  const header = new Headers(request.header);
  if (deadline !== undefined) {
    tellTimeout(header, deadline - performance.now());
  }
  return { ...request, header };
}
