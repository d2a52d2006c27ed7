import { create } from "@bufbuild/protobuf";
import { Code, ConnectError, createRouterTransport, type Interceptor } from "@connectrpc/connect";

import type { Request } from "../src/interceptors/request.js";
import { AmeideClient, interceptors, type InterceptorOptions } from "../src/index.js";
import { graphV1 } from "../src/proto.js";

/** What stands where the network is: it answers an attempt, the first being 1, or throws. */
export type Answer = (attempt: number, request: Request) => Promise<void> | void;

/** A client behind all of the SDK's interceptors, whose attempts are answered without a network. */
export function clientWith(options: InterceptorOptions, answer: Answer): AmeideClient["graph"] {
  let attempt = 0;
  const network: Interceptor = () => async (request) => {
    await answer(++attempt, request);
    const { service, method } = request;
    const message = create(graphV1.GetElementResponseSchema);
    return { stream: false, service, method, header: new Headers(), trailer: new Headers(), message } as never;
  };
  const transport = createRouterTransport(() => {}, {
    transport: { interceptors: interceptors({ ...options, interceptors: [...(options.interceptors ?? []), network] }) },
  });
  return new AmeideClient(transport).graph;
}

export const UNAVAILABLE = new ConnectError("the server is away", Code.Unavailable);

/** Fails every attempt in the same way. */
export const away: Answer = () => {
  throw UNAVAILABLE;
};

/** Answers when the attempt is stopped, as transports do: with the reason. */
export const silent: Answer = (_, { signal }) =>
  new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
