// Prints what the TypeScript SDK exports from its proto entry, as one JSON object: name → what it stands for. Runs in a
// folder where the built SDK is installed.
import * as proto from "@ameideio/ameide-sdk-ts/proto.js";

const exported = {};
for (const [namespace, names] of Object.entries(proto)) {
  for (const [name, value] of Object.entries(names)) {
    if (value.kind !== "file") {
      exported[`${namespace}.${name}`] = meaning(value);
    }
  }
}
console.log(JSON.stringify(exported));

/** The full name of a message or enum, which methods of a service stream, or the numbers of an enum object. */
function meaning(value) {
  switch (value.kind) {
    case "message":
    case "enum":
      return `${value.kind} ${value.typeName}`;
    case "service":
      return Object.fromEntries(value.methods.map((method) => [method.name, method.methodKind !== "unary"]));
    default:
      return Object.values(value).filter((member) => typeof member === "number");
  }
}
