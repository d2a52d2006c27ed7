import type { graphV1 } from "../proto/index.js";
import { pageTokenInvalid } from "./errors.js";

export const DEFAULT_PAGE_SIZE = 50;

/** Where the next page starts: behind the element with this number. */
export function renderPageToken(after: number, kinds: readonly graphV1.ElementKind[]): string {
  return Buffer.from(`${after}/${listed(kinds)}`).toString("base64url");
}

/**
 * The number behind which the page starts; 0 for an empty token.
 *
 * @throws ConnectError InvalidArgument for a token of another list, or of none.
 */
export function parsePageToken(token: string, kinds: readonly graphV1.ElementKind[]): number {
  if (token === "") {
    return 0;
  }
  const [after = "", given] = Buffer.from(token, "base64url").toString().split("/");
  if (!/^\d{1,15}$/.test(after) || given !== listed(kinds)) {
    throw pageTokenInvalid();
  }
  return Number(after);
}

function listed(kinds: readonly graphV1.ElementKind[]): string {
  return [...new Set(kinds)].sort((one, other) => one - other).join(",");
}
