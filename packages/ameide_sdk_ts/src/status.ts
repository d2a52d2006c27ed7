import { Code, ConnectError } from "@connectrpc/connect";

/** Status codes in the spelling of gRPC, which has a second L in CANCELLED. */
export const STATUS_NAMES: ReadonlySet<string> = new Set(
  Object.values(Code)
    .filter((code) => typeof code === "number")
    .map(nameOf),
);

/** The name of an error's status code, such as `UNAVAILABLE`. */
export function statusOf(error: unknown): string {
  return nameOf(ConnectError.from(error).code);
}

function nameOf(code: Code): string {
  const name = Code[code].replace(/([a-z])([A-Z])/g, "$1_$2").toUpperCase();
  return name === "CANCELED" ? "CANCELLED" : name;
}
