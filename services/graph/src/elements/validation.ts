import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import { createValidator, violationsToProto } from "@bufbuild/protovalidate";
import { Code, ConnectError } from "@connectrpc/connect";

const validator = createValidator();

/**
 * Holds a message against the rules written in the schema.
 *
 * @throws ConnectError InvalidArgument that names every field and carries buf.validate.Violations.
 */
export function requireValid<Schema extends DescMessage>(schema: Schema, message: MessageShape<Schema>): void {
  const result = validator.validate(schema, message);
  if (result.kind === "invalid") {
    const [value, desc] = violationsToProto(result.violations);
    throw new ConnectError(result.violations.join("; "), Code.InvalidArgument, undefined, [{ desc, value }]);
  }
  if (result.kind === "error") {
    throw result.error;
  }
}
