import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { expect, test, vi } from "vitest";

/** The program as images start it; `pnpm run build` writes it. */
const MAIN = fileURLToPath(new URL("../dist/main.js", import.meta.url));
// Starting a process takes its time on a machine that builds something else meanwhile.
vi.setConfig({ testTimeout: 30_000 });
const run = promisify(execFile);

test("--version prints the image's name and the version of the build", async () => {
  const { stdout } = await run(process.execPath, [MAIN, "--version"], { env: { SERVICE_VERSION: "1.2.3" } });
  expect(stdout).toBe("graph 1.2.3\n");
});

test("without SERVICE_VERSION the version is that of no build", async () => {
  const { stdout } = await run(process.execPath, [MAIN, "--version"], { env: {} });
  expect(stdout).toBe("graph 0.0.0-dev\n");
});

test.each([
  [["--verison"], {}, "graph: Unknown option '--verison'"],
  [[], { PORT: "http" }, 'graph: PORT: found "http", expected a port'],
])("%j with %j is refused in one sentence", async (args, env, sentence) => {
  await expect(run(process.execPath, [MAIN, ...args], { env })).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining(sentence),
  });
});

test("SIGTERM ends the service with code 0", async () => {
  const service = spawn(process.execPath, [MAIN], { env: { HOST: "127.0.0.1", PORT: "0", GRPC_PORT: "0" } });
  const exit = once(service, "exit");
  const [line] = await once(createInterface(service.stdout), "line");
  expect(line).toMatch(/^graph 0\.0\.0-dev serves http on \d+ and grpc on \d+$/);
  service.kill("SIGTERM");
  expect(await exit).toEqual([0, null]);
});
