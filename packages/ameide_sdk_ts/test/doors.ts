import { Code, ConnectError, createRouterTransport } from "@connectrpc/connect";

import { AmeideClient as BrowserClient } from "../src/browser.js";
import { AmeideClient, interceptors } from "../src/index.js";
import { AmeideClient as NodeClient } from "../src/node.js";
import type { ClientOptions } from "../src/options.js";
import { graphV1 } from "../src/proto.js";

export type Open = (options: ClientOptions) => AmeideClient;

export interface Door {
  readonly name: string;
  readonly open: Open;
  /** It has an address to call, and a bound for messages, of its own. */
  readonly addressed: boolean;
  readonly bounded: boolean;
}

/** Every way to make a client. What the transport of the root's client does is up to its owner: here it refuses. */
export const DOORS: readonly Door[] = [
  { name: "node", open: (options) => new NodeClient(options), addressed: true, bounded: true },
  {
    name: "node over grpc",
    open: (options) => new NodeClient({ ...options, protocol: "grpc" }),
    addressed: true,
    bounded: true,
  },
  { name: "browser", open: (options) => new BrowserClient(options), addressed: true, bounded: false },
  { name: "root", open: openRoot, addressed: false, bounded: false },
];

function openRoot(options: ClientOptions): AmeideClient {
  const transport = createRouterTransport(
    (router) =>
      router.service(graphV1.GraphService, {
        getElement() {
          throw new ConnectError("refused", Code.Unavailable);
        },
      }),
    { transport: { interceptors: interceptors(options) } },
  );
  return new AmeideClient(transport);
}
