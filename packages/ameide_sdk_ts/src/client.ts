import { createClient, type Client, type Transport } from "@connectrpc/connect";

import { agentsV1, graphV1, inferenceV1 } from "./proto.js";

/**
 * Clients of the Ameide services, over any transport.
 *
 * `@ameideio/ameide-sdk-ts/node` and `/browser` export the same class with a constructor that takes an address; this
 * one is for transports of your own, such as the router transport of tests.
 */
export class AmeideClient {
  readonly graph: Client<typeof graphV1.GraphService>;
  readonly agents: Client<typeof agentsV1.AgentsService>;
  readonly inference: Client<typeof inferenceV1.InferenceService>;

  constructor(transport: Transport) {
    this.graph = createClient(graphV1.GraphService, transport);
    this.agents = createClient(agentsV1.AgentsService, transport);
    this.inference = createClient(inferenceV1.InferenceService, transport);
  }
}
