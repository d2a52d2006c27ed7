import { Code, ConnectError, createRouterTransport, type Interceptor } from "@connectrpc/connect";
import {
  context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Context,
  type ContextManager,
} from "@opentelemetry/api";
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  SimpleSpanProcessor,
  type ReadableSpan,
} from "@opentelemetry/sdk-trace-node";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { AmeideClient, interceptors } from "../src/index.js";
import { graphV1 } from "../src/proto.js";
import { clientWith, UNAVAILABLE } from "./stub.js";

const SERVICE = "ameide_core_proto.graph.v1.GraphService";
const QUICK = { initialBackoffMs: 1 };

const exporter = new InMemorySpanExporter();

function install(contextManager?: ContextManager): void {
  const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  provider.register(contextManager === undefined ? {} : { contextManager });
}

function uninstall(): void {
  for (const part of [trace, context, propagation]) {
    part.disable();
  }
}

beforeEach(() => install());
afterEach(() => {
  exporter.reset();
  uninstall();
});

/** Inside of a span of the caller's; gives the SDK's spans, oldest first, and the caller's. */
async function traced(run: () => Promise<unknown>): Promise<{ spans: ReadableSpan[]; caller: ReadableSpan }> {
  await trace.getTracer("test").startActiveSpan("caller", async (span) => {
    await run().catch(() => {});
    span.end();
  });
  const spans = exporter.getFinishedSpans();
  return { spans: spans.filter(({ name }) => name !== "caller"), caller: spans.find(({ name }) => name === "caller")! };
}

const statusesOf = (spans: ReadableSpan[]) =>
  spans.map(({ status, attributes }) => [SpanStatusCode[status.code], attributes["rpc.response.status_code"]]);

test("each attempt has a span, a child of the caller's, whose context travels in the request", async () => {
  const headers: (string | null)[] = [];
  const graph = clientWith({ retry: QUICK }, (attempt, { header }) => {
    headers.push(header.get("traceparent"));
    if (attempt === 1) {
      throw UNAVAILABLE;
    }
  });
  const { spans, caller } = await traced(() => graph.getElement({}));
  const { traceId, spanId } = caller.spanContext();
  expect(spans.map(({ parentSpanContext }) => parentSpanContext?.spanId)).toEqual([spanId, spanId]);
  expect(headers).toEqual(spans.map((span) => `00-${traceId}-${span.spanContext().spanId}-01`));
  expect(new Set(headers).size).toBe(2);
});

test("a span says which method was called, and which status it ended with", async () => {
  const graph = clientWith({ retry: QUICK }, (attempt) => {
    if (attempt === 1) {
      throw UNAVAILABLE;
    }
  });
  const { spans } = await traced(() => graph.getElement({}));
  expect(spans.map(({ name }) => name)).toEqual([`${SERVICE}/GetElement`, `${SERVICE}/GetElement`]);
  expect(spans.map(({ kind }) => kind)).toEqual([SpanKind.CLIENT, SpanKind.CLIENT]);
  const attributes = { "rpc.system.name": "connectrpc", "rpc.method": `${SERVICE}/GetElement` };
  expect(spans.map((span) => span.attributes)).toEqual([
    { ...attributes, "rpc.response.status_code": "UNAVAILABLE", "error.type": "UNAVAILABLE" },
    attributes,
  ]);
  expect(spans.map(({ status }) => status)).toEqual([{ code: SpanStatusCode.ERROR }, { code: SpanStatusCode.UNSET }]);
  expect(spans.flatMap(({ events }) => events)).toEqual([]);
});

test("interceptors of the user run inside of the attempt's span", async () => {
  const active: (string | undefined)[] = [];
  const look: Interceptor = (next) => (request) => {
    active.push(trace.getActiveSpan()?.spanContext().spanId);
    return next(request);
  };
  const { spans } = await traced(() => clientWith({ interceptors: [look] }, () => {}).getElement({}));
  expect(active).toEqual(spans.map((span) => span.spanContext().spanId));
});

test("a call whose token fails has no span", async () => {
  const token = () => Promise.reject(new Error("no token"));
  expect((await traced(() => clientWith({ token }, () => {}).getElement({}))).spans).toEqual([]);
});

test("the caller's span is the parent where contexts end with the first await, as in browsers", async () => {
  uninstall();
  install(new SynchronousContexts());
  const graph = clientWith({ token: async () => "a token", retry: QUICK }, (attempt) => {
    if (attempt === 1) {
      throw UNAVAILABLE;
    }
  });
  const { spans, caller } = await traced(() => graph.getElement({}));
  const { spanId } = caller.spanContext();
  expect(spans.map(({ parentSpanContext }) => parentSpanContext?.spanId)).toEqual([spanId, spanId]);
});

class SynchronousContexts implements ContextManager {
  #active = ROOT_CONTEXT;
  active = (): Context => this.#active;
  with: ContextManager["with"] = (entered, run, self, ...words) => {
    const left = this.#active;
    this.#active = entered;
    try {
      return run.call(self!, ...words);
    } finally {
      this.#active = left;
    }
  };
  bind: ContextManager["bind"] = (_, target) => target;
  enable = (): this => this;
  disable = (): this => this;
}

describe("the span of a stream", () => {
  const transport = createRouterTransport(
    (router) =>
      router.service(graphV1.GraphService, {
        async *watchElements({ kinds }) {
          yield { element: { id: "first" } };
          if (kinds.length > 0) {
            throw new ConnectError("broken", Code.DataLoss);
          }
          yield { element: { id: "second" } };
        },
      }),
    { transport: { interceptors: interceptors() } },
  );
  const { graph } = new AmeideClient(transport);
  const APPLICATION = graphV1.ElementKind.APPLICATION;

  test("ends with its last message", async () => {
    const open: number[] = [];
    const { spans } = await traced(async () => {
      for await (const _ of graph.watchElements({})) {
        open.push(exporter.getFinishedSpans().length);
      }
    });
    expect(open).toEqual([0, 0]);
    expect(statusesOf(spans)).toEqual([["UNSET", undefined]]);
  });

  test("ends with its error", async () => {
    const { spans } = await traced(async () => {
      for await (const _ of graph.watchElements({ kinds: [APPLICATION] })) {
        // The next one fails.
      }
    });
    expect(statusesOf(spans)).toEqual([["ERROR", "DATA_LOSS"]]);
  });

  test("ends when the stream is cancelled", async () => {
    const caller = new AbortController();
    const { spans } = await traced(async () => {
      await graph.watchElements({}, { signal: caller.signal })[Symbol.asyncIterator]().next();
      caller.abort();
    });
    expect(statusesOf(spans)).toEqual([["ERROR", "CANCELLED"]]);
  });
});

test("without an OpenTelemetry SDK calls say nothing of traces, and keep what they say themselves", async () => {
  uninstall();
  const found: (string | null)[] = [];
  const graph = clientWith({}, (_, { header }) => void found.push(header.get("traceparent")));
  await graph.getElement({});
  await graph.getElement({}, { headers: { traceparent: "the call's own" } });
  expect(found).toEqual([null, "the call's own"]);
  expect(exporter.getFinishedSpans()).toEqual([]);
});
