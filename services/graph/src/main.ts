import { once } from "node:events";
import { parseArgs } from "node:util";

import { ElementStore } from "./elements/store.js";
import { startServer } from "./server.js";
import { parseSettings, SERVICE_NAME, SERVICE_VERSION } from "./settings.js";

try {
  const { values } = parseArgs({ options: { version: { type: "boolean" } } });
  if (values.version) {
    console.log(`${SERVICE_NAME} ${SERVICE_VERSION}`);
  } else {
    await serve();
  }
} catch (error) {
  console.error(`${SERVICE_NAME}: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}

async function serve(): Promise<void> {
  // Before anything else: the first process of a container ignores signals that nobody listens for.
  const stopped = Promise.race(["SIGTERM", "SIGINT"].map((signal) => once(process, signal)));
  const server = await startServer(parseSettings(process.env), new ElementStore());
  console.log(`${SERVICE_NAME} ${SERVICE_VERSION} serves http on ${server.port} and grpc on ${server.grpcPort}`);
  await stopped;
  await server.stop();
}
