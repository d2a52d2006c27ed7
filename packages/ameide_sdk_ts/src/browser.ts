import { createConnectTransport } from "@connectrpc/connect-web";

import { AmeideClient as TransportClient } from "./client.js";
import { interceptorsOf, withTimeout } from "./defaults.js";
import { requireBaseUrl, requireTimeoutMs, type ClientOptions } from "./options.js";

/** Clients of the Ameide services for browsers. */
export class AmeideClient extends TransportClient {
  constructor(options: ClientOptions) {
    const transport = createConnectTransport({
      baseUrl: requireBaseUrl(options),
      interceptors: interceptorsOf(options),
    });
    super(withTimeout(transport, requireTimeoutMs(options)));
  }
}

export type { ClientOptions } from "./options.js";
