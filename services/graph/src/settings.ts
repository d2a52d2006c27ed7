/** What a deployment decides. */
export interface Settings {
  readonly host: string;
  /** HTTP/1.1: Connect, gRPC-web and /healthz. */
  readonly port: number;
  /** Plain-text HTTP/2: gRPC. */
  readonly grpcPort: number;
  /** Origins of the pages that may call over HTTP/1.1. */
  readonly allowedOrigins: readonly string[];
}

export const SERVICE_NAME = "graph";

/** Set by the image; a build outside of one has no version. */
export const SERVICE_VERSION = process.env["SERVICE_VERSION"] || "0.0.0-dev";

/**
 * Reads HOST, PORT, GRPC_PORT and CORS_ALLOWED_ORIGINS (separated by commas); empty ones count as unset.
 *
 * @throws RangeError for a port or an origin that is none.
 */
export function parseSettings(environment: NodeJS.ProcessEnv): Settings {
  return {
    host: environment["HOST"] || "0.0.0.0",
    port: parsePort(environment, "PORT", 8080),
    grpcPort: parsePort(environment, "GRPC_PORT", 8081),
    allowedOrigins: parseOrigins(environment, "CORS_ALLOWED_ORIGINS"),
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

/** As browsers send them, letter by letter: scheme, host and port, nothing behind. */
function parseOrigins(environment: NodeJS.ProcessEnv, name: string): string[] {
  const words = (environment[name] ?? "").split(",").map((word) => word.trim());
  const origins = words.filter((word) => word !== "");
  for (const origin of origins) {
    if (!URL.canParse(origin) || new URL(origin).origin !== origin) {
      throw new RangeError(`${name}: found "${origin}", expected an origin like https://app.ameide.io`);
    }
  }
  return origins;
}
