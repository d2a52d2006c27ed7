// Run by the smoke session in an empty folder where nothing but the packed SDK was installed: it creates an element
// through a running graph service, reads it back over both protocols, and says so in one line.
import { createRequire } from "node:module";
import { isDeepStrictEqual } from "node:util";

import { AmeideClient } from "@ameideio/ameide-sdk-ts/node";
import { graphV1 } from "@ameideio/ameide-sdk-ts/proto.js";

const NAME = "smoke test of ameide-sdk-ts";

try {
  const version = requireVersion(requireEnvironment("NOX_RINGS_SMOKE_VERSION"));
  const web = new AmeideClient({ baseUrl: requireEnvironment("NOX_RINGS_SMOKE_URL") });
  const grpc = new AmeideClient({ baseUrl: `http://${requireEnvironment("NOX_RINGS_SMOKE_GRPC")}`, protocol: "grpc" });
  const created = await createElement(web);
  for (const client of [web, grpc]) {
    const { element } = await client.graph.getElement({ elementId: created.id });
    expect(isDeepStrictEqual(element, created), "GetElement answered with another element than CreateElement");
  }
  console.log(`graph.v1 CreateElement+GetElement ok (ameide-sdk-ts ${version})`);
} catch (error) {
  console.error(`ameide-sdk-ts smoke failed: ${error.message}`);
  process.exitCode = 1;
}

async function createElement(client) {
  const { element } = await client.graph.createElement({
    element: { name: NAME, kind: graphV1.ElementKind.APPLICATION, properties: { smoke: true } },
  });
  expect(element?.id, "CreateElement answered without an element id");
  expect(element.name === NAME, "CreateElement answered with another name than the one sent");
  return element;
}

function requireVersion(expected) {
  const { version } = createRequire(import.meta.url)("@ameideio/ameide-sdk-ts/package.json");
  expect(version === expected, `installed is ${version}, expected ${expected}`);
  return version;
}

function requireEnvironment(name) {
  const value = process.env[name];
  expect(value, `${name} is not set`);
  return value;
}

function expect(condition, sentence) {
  if (!condition) {
    throw new Error(sentence);
  }
}
