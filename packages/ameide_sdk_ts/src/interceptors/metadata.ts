import type { Interceptor } from "@connectrpc/connect";

import { manifest } from "../manifest.js";

/** Tenant and request id. What a call brings along stays as it is. */
export function metadata(tenantId: string | undefined): Interceptor {
  const names = manifest.headers;
  return (next) => (request) => {
    if (tenantId !== undefined && !request.header.has(names.tenantId)) {
      request.header.set(names.tenantId, tenantId);
    }
    if (!request.header.has(names.requestId)) {
      request.header.set(names.requestId, newRequestId());
    }
    return next(request);
  };
}

/** 128 random bits as hex. Not `crypto.randomUUID`: browsers refuse it on pages served over http. */
function newRequestId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
