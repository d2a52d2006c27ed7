import { inspect } from "node:util";

import { Code, ConnectError } from "@connectrpc/connect";

/** What came out of one scenario, with a client of its own. */
export async function runScenario({ call, client = {} }, { headers, recording, open, token }) {
  const counts = { providerCalls: 0, userCalls: 0, received: 0, bytes: 0 };
  const ameide = open({
    token: provide(client, token, counts),
    interceptors: [
      (next) => (request) => {
        counts.userCalls++;
        return next(request);
      },
    ],
    ...(client.timeoutMs === undefined ? {} : { timeoutMs: client.timeoutMs }),
    ...(client.retry === undefined ? {} : { retry: client.retry }),
  });
  const start = performance.now();
  let error;
  let elapsedMs;
  const { spans, traceId, text } = await recording(async () => {
    error = await CALLS[call](ameide.graph, client, headers, counts).then(
      () => undefined,
      (found) => ConnectError.from(found),
    );
    elapsedMs = performance.now() - start;
  });
  const secrets = [token, client.providerFails].filter((secret) => secret !== undefined);
  const shown = [error === undefined ? "" : shownBy(error), shownBy(ameide), text].join("\n");
  const leaked = secrets.some((secret) => shown.includes(secret));
  return { code: codeOf(error), ...counts, leaked, elapsedMs: Math.round(elapsedMs), spans, traceId };
}

function provide({ providerFails }, token, counts) {
  return async () => {
    counts.providerCalls++;
    if (providerFails !== undefined) {
      throw new Error(providerFails);
    }
    return token;
  };
}

const CALLS = {
  async getElement(graph, client, headers, counts) {
    count(counts, await graph.getElement({ elementId: "e1" }, { headers, signal: signalOf(client) }));
  },
  async createElement(graph, client, headers, counts) {
    const element = { name: "an element", description: "x".repeat(client.bytes ?? 0) };
    count(counts, await graph.createElement({ element }, { headers, signal: signalOf(client) }));
  },
  async watchElements(graph, client, headers, counts) {
    const caller = new AbortController();
    for await (const message of graph.watchElements({}, { headers, signal: caller.signal })) {
      count(counts, message);
      if (counts.received === client.cancelAfterMessages) {
        caller.abort();
      }
    }
  },
};

function count(counts, { element }) {
  counts.received++;
  counts.bytes = element.description.length;
}

/** The signal of a caller who changes its mind, if this one does. */
function signalOf({ cancelAfterMs }) {
  const caller = new AbortController();
  if (cancelAfterMs !== undefined) {
    setTimeout(() => caller.abort(), cancelAfterMs);
  }
  return caller.signal;
}

/** All that a value shows of itself, to people and to machines. */
function shownBy(value) {
  return [inspect(value, { depth: Infinity, showHidden: true, getters: true }), String(value), value.stack].join("\n");
}

/** In the spelling of gRPC; written out, because the SDK's own is what is tested here. */
function codeOf(error) {
  const name = error === undefined ? "OK" : Code[error.code].replace(/\B[A-Z]/g, "_$&").toUpperCase();
  return name === "CANCELED" ? "CANCELLED" : name;
}
