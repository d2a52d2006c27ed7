/** What a deployment decides. */
export interface Settings {
  readonly host: string;
  /** HTTP/1.1: Connect, gRPC-web and /healthz. */
  readonly port: number;
  /** Plain-text HTTP/2: gRPC. */
  readonly grpcPort: number;
}

export const SERVICE_NAME = "graph";

/** Set by the image; a build outside of one has no version. */
export const SERVICE_VERSION = process.env["SERVICE_VERSION"] || "0.0.0-dev";

/**
 * Reads HOST, PORT and GRPC_PORT; empty ones count as unset.
 *
 * @throws RangeError for a port that is none.
 */
export function parseSettings(environment: NodeJS.ProcessEnv): Settings {
  return {
    host: environment["HOST"] || "0.0.0.0",
    port: parsePort(environment, "PORT", 8080),
    grpcPort: parsePort(environment, "GRPC_PORT", 8081),
  };
}

/** 0 lets the system choose. */
function parsePort(environment: NodeJS.ProcessEnv, name: string, otherwise: number): number {
  const text = environment[name] || String(otherwise);
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65535) {
    throw new RangeError(`${name}: found "${text}", expected a port between 0 and 65535`);
  }
  return port;
}
