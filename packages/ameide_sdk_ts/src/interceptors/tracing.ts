import { Code, ConnectError, type Interceptor } from "@connectrpc/connect";
import {
  context,
  propagation,
  SpanKind,
  SpanStatusCode,
  trace,
  type Span,
  type TextMapSetter,
} from "@opentelemetry/api";

import { statusOf } from "../status.js";
import { untilEnd } from "../waiting.js";
import type { Call } from "./call.js";
import { isGrpc, type Request } from "./request.js";

const TRACER = "@ameideio/ameide-sdk-ts";

const intoHeader: TextMapSetter<Headers> = { set: (header, name, value) => header.set(name, value) };

/** A span for each attempt, whose context travels in the request. Spans hold no text of a server or a provider. */
export function tracing(call: Call): Interceptor {
  return (next) => async (request) => {
    const span = startSpan(request, call);
    const active = trace.setSpan(call.parent, span);
    propagation.inject(active, request.header, intoHeader);
    try {
      const response = await context.with(active, () => next(request));
      if (response.stream) {
        endWhenAborted(span, request.signal);
        return { ...response, message: untilEnd(response.message, (error) => end(span, error)) };
      }
      end(span);
      return response;
    } catch (error) {
      end(span, error);
      throw error;
    }
  };
}

function startSpan({ service, method, header }: Request, { parent }: Call): Span {
  const name = `${service.typeName}/${method.name}`;
  const attributes = { "rpc.system.name": isGrpc(header) ? "grpc" : "connectrpc", "rpc.method": name };
  return trace.getTracer(TRACER).startSpan(name, { kind: SpanKind.CLIENT, attributes }, parent);
}

/** Nobody asks a cancelled stream for its next message any more. */
function endWhenAborted(span: Span, signal: AbortSignal): void {
  signal.addEventListener("abort", () => end(span, ConnectError.from(signal.reason, Code.Canceled)), { once: true });
}

function end(span: Span, error?: unknown): void {
  if (!span.isRecording()) {
    return; // It has ended already, or nobody looks at it.
  }
  if (error !== undefined) {
    span.setStatus({ code: SpanStatusCode.ERROR });
    const status = statusOf(error);
    span.setAttributes({ "rpc.response.status_code": status, "error.type": status });
  }
  span.end();
}
