import { AmeideClient } from "@ameideio/ameide-sdk-ts/node";

import { ElementStore } from "../src/elements/store.js";
import { graphV1 } from "../src/proto/index.js";
import { startServer, type RunningServer } from "../src/server.js";
import type { Settings } from "../src/settings.js";

export interface Running extends AsyncDisposable {
  readonly server: RunningServer;
  readonly store: ElementStore;
  readonly url: string;
  /** GraphService over HTTP/1.1 with Connect, and over HTTP/2 with gRPC. */
  readonly web: AmeideClient["graph"];
  readonly grpc: AmeideClient["graph"];
}

/** What a test needs: two ports of its own, and no pages that call. */
export const SETTINGS: Settings = { host: "127.0.0.1", port: 0, grpcPort: 0, allowedOrigins: [] };

/** The service as it runs. */
export async function startService(settings: Partial<Settings> = {}): Promise<Running> {
  const store = new ElementStore();
  const server = await startServer({ ...SETTINGS, ...settings }, store);
  const url = `http://127.0.0.1:${server.port}`;
  return {
    server,
    store,
    url,
    web: new AmeideClient({ baseUrl: url }).graph,
    grpc: new AmeideClient({ baseUrl: `http://127.0.0.1:${server.grpcPort}`, protocol: "grpc" }).graph,
    [Symbol.asyncDispose]: () => server.stop(),
  };
}

/** An element that the service stores under that name. */
export async function storedIn(
  running: Running,
  name: string,
  kind = graphV1.ElementKind.APPLICATION,
): Promise<graphV1.Element> {
  const { element } = await running.web.createElement({ element: { name, kind } });
  return element!;
}
