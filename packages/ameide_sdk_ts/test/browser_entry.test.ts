import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

/** Packages that a module imports, and those its own modules import. */
function packagesOf(module: URL, visited = new Set<string>()): Set<string> {
  const packages = new Set<string>();
  if (visited.has(module.href)) {
    return packages;
  }
  visited.add(module.href);
  const imports = readFileSync(module, "utf8").matchAll(/^(?:import|export)\b[^;]*?"([^"]+)";/gm);
  for (const [, specifier = ""] of imports) {
    const own = specifier.startsWith(".");
    const found = own ? packagesOf(new URL(specifier.replace(/\.js$/, ".ts"), module), visited) : [specifier];
    found.forEach((each) => packages.add(each));
  }
  return packages;
}

const source = (name: string) => new URL(`../src/${name}.ts`, import.meta.url);

test("the reader of imports finds what Node needs", () => {
  expect(packagesOf(source("node"))).toContain("@connectrpc/connect-node");
  expect(packagesOf(source("node"))).toContain("node:module");
});

test.each(["browser", "index", "proto"])("%s imports nothing that only Node has", (name) => {
  const packages = [...packagesOf(source(name))];
  expect(packages).toContain("@bufbuild/protobuf/codegenv2");
  expect(packages.filter((each) => each.startsWith("node:") || each.includes("connect-node"))).toEqual([]);
});
