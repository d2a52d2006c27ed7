import type { Interceptor, Transport } from "@connectrpc/connect";

import type { ClientOptions } from "./options.js";

export const TENANT_ID = "x-tenant-id";
export const REQUEST_ID = "x-request-id";

/** The SDK's interceptors, outermost first, and then the caller's own. */
export function interceptorsOf(options: ClientOptions): Interceptor[] {
  return [addMetadata(options.tenantId), addToken(options.token), ...(options.interceptors ?? [])];
}

/** Headers that a call brings along stay as they are. */
function addMetadata(tenantId: string | undefined): Interceptor {
  return (next) => (request) => {
    if (tenantId !== undefined && !request.header.has(TENANT_ID)) {
      request.header.set(TENANT_ID, tenantId);
    }
    if (!request.header.has(REQUEST_ID)) {
      request.header.set(REQUEST_ID, newRequestId());
    }
    return next(request);
  };
}

function addToken(token: ClientOptions["token"]): Interceptor {
  return (next) => async (request) => {
    if (token !== undefined && !request.header.has("authorization")) {
      request.header.set("authorization", `Bearer ${typeof token === "function" ? await token() : token}`);
    }
    return next(request);
  };
}

/** 128 random bits as hex. Not `crypto.randomUUID`: browsers refuse it on pages served over http. */
function newRequestId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Bounds calls with one answer. A transport's own `defaultTimeoutMs` would cut streams as well. */
export function withTimeout(transport: Transport, defaultTimeoutMs: number): Transport {
  return {
    unary: (method, signal, timeoutMs, header, input, contextValues) =>
      transport.unary(method, signal, timeoutMs ?? defaultTimeoutMs, header, input, contextValues),
    stream: (method, signal, timeoutMs, header, input, contextValues) => {
      const answersOnce = method.methodKind === "client_streaming";
      const limit = timeoutMs ?? (answersOnce ? defaultTimeoutMs : undefined);
      return transport.stream(method, signal, limit, header, input, contextValues);
    },
  };
}
