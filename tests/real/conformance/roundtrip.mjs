// Reads messages with the TypeScript SDK and writes them again, as roundtrip.py describes. Runs in a folder where the
// built SDK is installed.
import { createInterface } from "node:readline";

import * as proto from "@ameideio/ameide-sdk-ts/proto.js";
import { fromBinary, fromJsonString, toBinary, toJsonString } from "@bufbuild/protobuf";

const schemas = new Map(
  Object.values(proto)
    .flatMap((namespace) => Object.values(namespace))
    .filter(({ kind }) => kind === "message")
    .map((schema) => [schema.typeName, schema]),
);

function roundTrip({ type, binary, json }) {
  const answer = {};
  try {
    const schema = schemas.get(type);
    const message =
      json === undefined ? fromBinary(schema, Buffer.from(binary, "base64")) : fromJsonString(schema, json);
    answer.binary = Buffer.from(toBinary(schema, message)).toString("base64");
    answer.json = toJsonString(schema, message);
  } catch (error) {
    answer.error = String(error);
  }
  return answer;
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(roundTrip(JSON.parse(line))));
}
