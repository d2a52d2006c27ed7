import { createClient, type Client, type ContextValues, type Transport } from "@connectrpc/connect";

import { withoutTimeout } from "./interceptors/call.js";
import { agentsV1, graphV1, inferenceV1 } from "./proto.js";

/**
 * Clients of the Ameide services, over any transport.
 *
 * `@ameideio/ameide-sdk-ts/node` and `/browser` export the same class with a constructor that takes an address; this
 * one is for transports of your own, such as the router transport of tests. Give those the SDK's `interceptors`:
 *
 *     const own = interceptors({ tenantId: "acme" });
 *     const client = new AmeideClient(createRouterTransport(routes, { transport: { interceptors: own } }));
 */
export class AmeideClient {
  readonly agents: Client<typeof agentsV1.AgentsService>;
  readonly graph: Client<typeof graphV1.GraphService>;
  readonly inference: Client<typeof inferenceV1.InferenceService>;

  constructor(transport: Transport) {
    const heeding = heedNoTimeout(transport);
    this.agents = createClient(agentsV1.AgentsService, heeding);
    this.graph = createClient(graphV1.GraphService, heeding);
    this.inference = createClient(inferenceV1.InferenceService, heeding);
  }
}

/** A `timeoutMs` of zero or less says that a call wants no timeout, not even that of the client. */
function heedNoTimeout(transport: Transport): Transport {
  const valuesFor = (timeoutMs: number | undefined, values: ContextValues | undefined) =>
    timeoutMs !== undefined && timeoutMs <= 0 ? withoutTimeout(values) : values;
  return {
    unary: (method, signal, timeoutMs, header, input, values) =>
      transport.unary(method, signal, timeoutMs, header, input, valuesFor(timeoutMs, values)),
    stream: (method, signal, timeoutMs, header, input, values) =>
      transport.stream(method, signal, timeoutMs, header, input, valuesFor(timeoutMs, values)),
  };
}
