import { createRequire } from "node:module";

import type { Interceptor, Transport } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport } from "@connectrpc/connect-node";

import { AmeideClient as TransportClient } from "./client.js";
import { interceptorsOf, withTimeout } from "./defaults.js";
import { requireBaseUrl, requireTimeoutMs, type ClientOptions } from "./options.js";

export type { ClientOptions } from "./options.js";

export interface NodeClientOptions extends ClientOptions {
  /** `connect` (the default) speaks HTTP/1.1, which every proxy passes on; `grpc` needs HTTP/2 all the way. */
  readonly protocol?: "connect" | "grpc";
}

/** The SDK's name and version, for the user-agent header. */
export const USER_AGENT = `ameide-sdk-ts/${ownVersion()}`;

/** Clients of the Ameide services for Node. */
export class AmeideClient extends TransportClient {
  constructor(options: NodeClientOptions) {
    super(withTimeout(openTransport(options), requireTimeoutMs(options)));
  }
}

function openTransport(options: NodeClientOptions): Transport {
  const baseUrl = requireBaseUrl(options);
  const interceptors = [nameSdk, ...interceptorsOf(options)];
  return options.protocol === "grpc"
    ? createGrpcTransport({ baseUrl, interceptors })
    : createConnectTransport({ baseUrl, interceptors, httpVersion: "1.1" });
}

const nameSdk: Interceptor = (next) => (request) => {
  request.header.set("user-agent", USER_AGENT);
  return next(request);
};

function ownVersion(): string {
  const manifest = createRequire(import.meta.url)("../package.json") as { version: string };
  return manifest.version;
}
