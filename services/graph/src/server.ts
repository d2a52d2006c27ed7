import * as http from "node:http";
import * as http2 from "node:http2";
import type { AddressInfo, Server } from "node:net";

import { connectNodeAdapter } from "@connectrpc/connect-node";

import { allowOrigins } from "./cors.js";
import { answerHealth } from "./health.js";
import { serviceStopping } from "./elements/errors.js";
import { graphService } from "./elements/service.js";
import type { ElementStore } from "./elements/store.js";
import { graphV1 } from "./proto/index.js";
import type { Settings } from "./settings.js";

/** Time that calls have to finish once the service stops; under Kubernetes' own 30 seconds. */
const GRACE_MS = 10_000;

export interface RunningServer {
  readonly port: number;
  readonly grpcPort: number;
  /** Takes no more calls, ends streams, and resolves when the last call is done or the grace is over. */
  stop(graceMs?: number): Promise<void>;
}

/** Serves the same routes over HTTP/1.1 on one port and over plain-text HTTP/2 on the other. */
export async function startServer(settings: Settings, store: ElementStore): Promise<RunningServer> {
  const stopping = new AbortController();
  const handler = connectNodeAdapter({
    routes: (router) => router.service(graphV1.GraphService, graphService(store)),
    shutdownSignal: stopping.signal,
    fallback: answerHealth,
  });
  const web = http.createServer(allowOrigins(settings.allowedOrigins, handler));
  const grpc = http2.createServer(handler);
  const sessions = trackSessions(grpc);
  // A connection whose last call ends while the server closes would stay open until its keep-alive is over.
  web.on("request", (_, response) => {
    response.once("close", () => stopping.signal.aborted && setImmediate(() => web.closeIdleConnections()));
  });
  try {
    await listening(web, settings.host, settings.port);
    await listening(grpc, settings.host, settings.grpcPort);
  } catch (error) {
    web.close();
    throw error;
  }
  return {
    port: portOf(web),
    grpcPort: portOf(grpc),
    async stop(graceMs = GRACE_MS) {
      stopping.abort(serviceStopping());
      const force = setTimeout(() => {
        web.closeAllConnections();
        sessions.forEach((session) => session.destroy());
      }, graceMs);
      await Promise.all([closing(web), closing(grpc)]);
      clearTimeout(force);
    },
  };
}

/** HTTP/2 servers have no closeAllConnections: these are the sessions to destroy. Idle ones close with the server. */
function trackSessions(server: http2.Http2Server): Set<http2.ServerHttp2Session> {
  const sessions = new Set<http2.ServerHttp2Session>();
  server.on("session", (session) => {
    sessions.add(session);
    session.once("close", () => sessions.delete(session));
  });
  return sessions;
}

function listening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function closing(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
