import type { connectNodeAdapter } from "@connectrpc/connect-node";

import { SERVICE_NAME, SERVICE_VERSION } from "./settings.js";

type Handler = ReturnType<typeof connectNodeAdapter>;
type Response = Parameters<Handler>[1];

/** Answers what no route of the services does: `GET /healthz`, and 404 for the rest. */
export const answerHealth: Handler = (request, response) => {
  const path = request.url?.split("?", 1)[0];
  if (path !== "/healthz") {
    answer(response, 404, { error: `${request.method} ${path} is not served here` });
  } else if (request.method !== "GET" && request.method !== "HEAD") {
    answer(response, 405, { error: `${path} answers GET` });
  } else {
    answer(response, 200, { name: SERVICE_NAME, version: SERVICE_VERSION });
  }
};

function answer(response: Response, status: number, body: Record<string, string>): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(`${JSON.stringify(body)}\n`);
}
