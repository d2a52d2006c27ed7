import { Code, ConnectError } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-web";

import { AmeideClient as TransportClient } from "./client.js";
import { interceptors } from "./interceptors.js";
import { requireBaseUrl, type ClientOptions } from "./options.js";

export type { RetryPolicy } from "./manifest.js";
export type { ClientOptions, TokenProvider } from "./options.js";

/**
 * Clients of the Ameide services for browsers:
 *
 *     const client = new AmeideClient({ tenantId: "acme", token: () => session.token() });
 *     const { element } = await client.graph.getElement({ elementId: "e1" });
 */
export class AmeideClient extends TransportClient {
  constructor(options: ClientOptions = {}) {
    const transport = createConnectTransport({
      baseUrl: requireBaseUrl(options),
      interceptors: interceptors(options),
      fetch: fetchOrUnavailable,
    });
    super(transport);
  }
}

/** `fetch` says no more about a server that cannot be reached than TypeError; elsewhere that is UNAVAILABLE. */
const fetchOrUnavailable: typeof fetch = async (input, init) => {
  try {
    return await fetch(input, init);
  } catch (error) {
    throw error instanceof TypeError
      ? new ConnectError(error.message, Code.Unavailable, undefined, undefined, error)
      : error;
  }
};
