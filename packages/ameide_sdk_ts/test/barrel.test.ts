import { globSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

import { createRouterTransport } from "@connectrpc/connect";
import { expect, test } from "vitest";

import { AmeideClient } from "../src/index.js";
import * as proto from "../src/proto.js";

const STUBS = fileURLToPath(new URL("../src/_proto/ameide_core_proto/", import.meta.url));
const files = globSync("**/*_pb.ts", { cwd: STUBS });
const namespaces: Record<string, Record<string, unknown>> = { ...proto };

/** `graph/v1` → `graphV1`. */
function namespaceOf(file: string): string {
  return dirname(file).replace(/[/_](.)/g, (_, letter: string) => letter.toUpperCase());
}

/** What exports all of a file of stubs, each line after where it belongs. */
function linesFor(file: string): string {
  const page = dirname(file).replaceAll("/", "_");
  const space = `src/proto.ts: export * as ${namespaceOf(file)} from "./proto/${page}.js";`;
  return `${space}\nsrc/proto/${page}.ts: export * from "../_proto/ameide_core_proto/${file.replace(/\.ts$/, ".js")}";`;
}

function isService(stub: unknown): stub is { name: string } {
  return (stub as { kind?: string } | undefined)?.kind === "service";
}

test("there are stubs to compare with", () => {
  expect(files).toContain("graph/v1/graph_service_pb.ts");
});

test.each(files)("the barrel exports all of %s", async (file) => {
  const stubs = (await import(`${STUBS}${file}`)) as Record<string, unknown>;
  const missing = Object.keys(stubs).filter((name) => namespaces[namespaceOf(file)]?.[name] !== stubs[name]);
  expect(missing, `the barrel needs these lines:\n${linesFor(file)}\n`).toEqual([]);
});

test("the barrel has no namespace without stubs", () => {
  expect(Object.keys(namespaces).sort()).toEqual([...new Set(files.map(namespaceOf))].sort());
});

test("the client has a property for each service of the schema", () => {
  const services = Object.values(namespaces)
    .flatMap((namespace) => Object.values(namespace))
    .filter(isService)
    .map(({ name }) => name.replace(/Service$/, "").replace(/^./, (letter) => letter.toLowerCase()));
  const client = new AmeideClient(createRouterTransport(() => {}));
  expect(Object.keys(client).sort()).toEqual(services.sort());
});
