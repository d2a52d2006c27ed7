import type * as http from "node:http";

import { cors as connectHeaders } from "@connectrpc/connect";
import cors from "cors";

/** What AmeideClient sends beside the headers of the protocols, on every call or where its caller traces. */
const CLIENT_HEADERS = ["Authorization", "X-Tenant-Id", "X-Request-Id", "Traceparent", "Tracestate", "Baggage"];

/** How long browsers keep the answer to a preflight request: the longest that Chromium does. */
const MAX_AGE_SECONDS = 7200;

/**
 * Lets pages of these origins call: their browsers ask with a preflight request, and hand on what is answered.
 *
 * Answers go to whoever asks; without the header that names its origin a page never sees one. Cookies are not taken.
 */
export function allowOrigins(origins: readonly string[], handler: http.RequestListener): http.RequestListener {
  if (origins.length === 0) {
    return handler;
  }
  const middleware = cors({
    origin: [...origins],
    methods: [...connectHeaders.allowedMethods],
    allowedHeaders: [...connectHeaders.allowedHeaders, ...CLIENT_HEADERS],
    exposedHeaders: [...connectHeaders.exposedHeaders],
    maxAge: MAX_AGE_SECONDS,
  });
  return (request, response) => middleware(request, response, () => handler(request, response));
}
