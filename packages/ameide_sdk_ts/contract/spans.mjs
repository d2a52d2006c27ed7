import { SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";

const SCENARIO = "scenario";

/** Installs the OpenTelemetry SDK. What it gives runs a function inside of a span, and tells which others ended. */
export function recordSpans() {
  const exporter = new InMemorySpanExporter();
  const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  provider.register();
  return async (run) => {
    exporter.reset();
    const traceId = await trace.getTracer("contract").startActiveSpan(SCENARIO, async (span) => {
      await run();
      span.end();
      return span.spanContext().traceId;
    });
    await provider.forceFlush();
    const spans = exporter.getFinishedSpans().filter(({ name }) => name !== SCENARIO);
    return { traceId, spans: spans.map(describe), text: spans.map(textOf).join("\n") };
  };
}

function describe(span) {
  const { name, kind, status, attributes } = span;
  const { traceId, spanId } = span.spanContext();
  return { name, kind: SpanKind[kind], status: SpanStatusCode[status.code], attributes, traceId, spanId };
}

/** All that a span tells anybody. */
function textOf({ name, status, attributes, events, links }) {
  return JSON.stringify({ name, status, attributes, events, links });
}
