import type { Interceptor } from "@connectrpc/connect";

export type Request = Parameters<ReturnType<Interceptor>>[0];

/** gRPC and gRPC-Web, as opposed to Connect. Transports set the content type before interceptors run. */
export function isGrpc(header: Headers): boolean {
  return header.get("content-type")?.startsWith("application/grpc") ?? false;
}

export function hasTimeout(header: Headers): boolean {
  return header.has(timeoutHeader(header));
}

/** The timeout that a transport wrote; undefined where there is none, or one that somebody wrote in another way. */
export function timeoutMsOf(header: Headers): number | undefined {
  const [, milliseconds] = /^(\d+(?:\.\d+)?)m?$/.exec(header.get(timeoutHeader(header)) ?? "") ?? [];
  return milliseconds === undefined ? undefined : Number(milliseconds);
}

/** Both protocols want whole numbers, and limit their digits. */
export function tellTimeout(header: Headers, timeoutMs: number): void {
  const whole = Math.max(1, Math.floor(timeoutMs));
  const text = isGrpc(header) ? `${Math.min(whole, 99_999_999)}m` : `${Math.min(whole, 9_999_999_999)}`;
  header.set(timeoutHeader(header), text);
}

function timeoutHeader(header: Headers): string {
  return isGrpc(header) ? "grpc-timeout" : "connect-timeout-ms";
}
