import { createRequire } from "node:module";

import type { Interceptor, Transport } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport } from "@connectrpc/connect-node";

import { AmeideClient as TransportClient } from "./client.js";
import { interceptors } from "./interceptors.js";
import { manifest } from "./manifest.js";
import { requireBaseUrl, type ClientOptions } from "./options.js";

export type { RetryPolicy } from "./manifest.js";
export type { ClientOptions, TokenProvider } from "./options.js";

export interface NodeClientOptions extends ClientOptions {
  /** `connect` (the default) speaks HTTP/1.1, which every proxy passes on; `grpc` needs HTTP/2 all the way. */
  readonly protocol?: "connect" | "grpc";
}

/** The SDK's name and version, for the user-agent header. */
export const USER_AGENT = `ameide-sdk-ts/${ownVersion()}`;

/**
 * Clients of the Ameide services for Node:
 *
 *     const client = new AmeideClient({ tenantId: "acme", token: () => session.token() });
 *     const { element } = await client.graph.getElement({ elementId: "e1" });
 *     for await (const { change } of client.graph.watchElements({}, { signal })) {
 *       console.log(change);
 *     }
 */
export class AmeideClient extends TransportClient {
  constructor(options: NodeClientOptions = {}) {
    super(openTransport(options));
  }
}

function openTransport(options: NodeClientOptions): Transport {
  const shared = {
    baseUrl: requireBaseUrl(options),
    interceptors: [nameSdk, ...interceptors(options)],
    readMaxBytes: manifest.maxMessageBytes,
  };
  return options.protocol === "grpc"
    ? createGrpcTransport(shared)
    : createConnectTransport({ ...shared, httpVersion: "1.1" });
}

const nameSdk: Interceptor = (next) => (request) => {
  request.header.set("user-agent", USER_AGENT);
  return next(request);
};

function ownVersion(): string {
  const { version } = createRequire(import.meta.url)("../package.json") as { version: string };
  return version;
}
