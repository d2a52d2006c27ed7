import type { Interceptor } from "@connectrpc/connect";

import { auth } from "./interceptors/auth.js";
import { requireRetryPolicy } from "./interceptors/backoff.js";
import { beginCall, type Call } from "./interceptors/call.js";
import { metadata } from "./interceptors/metadata.js";
import { retry } from "./interceptors/retry.js";
import { timeout } from "./interceptors/timeout.js";
import { tracing } from "./interceptors/tracing.js";
import { manifest, type InterceptorName } from "./manifest.js";
import { requireTimeoutMs, type InterceptorOptions } from "./options.js";

type Step = (call: Call) => readonly Interceptor[];

/**
 * What each call goes through, for transports of your own:
 *
 *     createRouterTransport(routes, { transport: { interceptors: interceptors({ tenantId: "acme" }) } })
 *
 * @throws RangeError for a timeout or a retry policy that is none.
 */
export function interceptors(options: InterceptorOptions = {}): Interceptor[] {
  const steps = inOrder(stepsOf(options));
  return [
    (next) => (request) => {
      const call = beginCall(request);
      return steps.flatMap((step) => step(call)).reduceRight((inner, outer) => outer(inner), next)(request);
    },
  ];
}

function stepsOf(options: InterceptorOptions): Record<InterceptorName, Step> {
  const policy = requireRetryPolicy(options.retry);
  const timeoutMs = requireTimeoutMs(options);
  return {
    metadata: () => [metadata(options.tenantId)],
    auth: () => [auth(options.token)],
    timeout: (call) => [timeout(timeoutMs, call)],
    retry: (call) => [retry(policy, call)],
    tracing: (call) => [tracing(call)],
    user: () => options.interceptors ?? [],
  };
}

/** Outermost first. */
function inOrder(steps: Record<string, Step>): Step[] {
  return manifest.interceptors.map((name) => {
    const step = steps[name];
    if (step === undefined) {
      const known = Object.keys(steps).join(", ");
      throw new Error(`ameide-client.json: interceptors: found "${name}", expected one of ${known}`);
    }
    return step;
  });
}
