import { Code, ConnectError, type Interceptor } from "@connectrpc/connect";

import type { InterceptorOptions, TokenProvider } from "../options.js";
import { untilAborted } from "../waiting.js";

/** The token, unless a call brings one along. No error names it, nor what a provider threw: that may hold one. */
export function auth(token: InterceptorOptions["token"]): Interceptor {
  return (next) => async (request) => {
    if (token !== undefined && !request.header.has("authorization")) {
      const found = typeof token === "function" ? await untilAborted(ask(token), request.signal) : token;
      authorize(request.header, found);
    }
    return next(request);
  };
}

async function ask(provider: TokenProvider): Promise<string> {
  try {
    return await provider();
  } catch {
    throw new ConnectError("the token provider failed", Code.Unauthenticated);
  }
}

function authorize(header: Headers, token: unknown): void {
  if (typeof token !== "string" || token === "") {
    throw new ConnectError("the token is empty, expected a text", Code.Unauthenticated);
  }
  try {
    header.set("authorization", `Bearer ${token}`);
  } catch {
    // The error of `set` quotes the value.
    throw new ConnectError("the token has characters that no header may have", Code.Unauthenticated);
  }
}
