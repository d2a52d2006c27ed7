/** What a client really does by default, found out from outside. Needs the fake timers of vitest. */
import { Code, ConnectError, type Interceptor } from "@connectrpc/connect";
import { vi } from "vitest";

import type { Request } from "../src/interceptors/request.js";
import type { ClientOptions } from "../src/options.js";
import { statusOf } from "../src/status.js";
import type { Open } from "./doors.js";

/** Enough for all waits of a test. */
const LONG = { timeoutMs: 2 ** 31 - 1 };
const EXACT = { jitter: { min: 1, max: 1 } };

const failing = (code: Code) => Promise.reject(new ConnectError("refused", code));

/** Stands where the network is. */
const refuse: Interceptor = () => () => failing(Code.Unavailable);

async function getElement(open: Open, options: ClientOptions): Promise<void> {
  const call = open(options).graph.getElement({ elementId: "e1" });
  const ended = call.then(
    () => {},
    () => {},
  );
  await vi.runAllTimersAsync();
  await ended;
}

async function firstRequest(open: Open, options: ClientOptions = {}): Promise<Request> {
  const requests: Request[] = [];
  const note: Interceptor = (next) => (request) => (requests.push(request), next(request));
  await getElement(open, { ...options, interceptors: [note, refuse] });
  return requests[0]!;
}

/** When each attempt of a call began that always ends with that code. */
async function attempts(open: Open, options: ClientOptions = {}, code = Code.Unavailable): Promise<number[]> {
  const times: number[] = [];
  const answer: Interceptor = () => () => (times.push(performance.now()), failing(code));
  await getElement(open, { ...LONG, ...options, interceptors: [answer] });
  return times;
}

/** The waits between 20 attempts; `random` is what all random numbers are. */
async function waits(open: Open, retry: ClientOptions["retry"], random = 0): Promise<number[]> {
  using _ = vi.spyOn(Math, "random").mockReturnValue(random);
  const times = await attempts(open, { retry: { maxAttempts: 20, ...retry } });
  return times.slice(1).map((time, index) => time - times[index]!);
}

export async function roster(open: Open): Promise<unknown> {
  const found: { name: string; service: string }[] = [];
  for (const name of Object.keys(open({}))) {
    const note: Interceptor = () => ({ service }) => (
      found.push({ name, service: service.typeName }), failing(Code.Internal)
    );
    const service: unknown = open({ interceptors: [note] })[name as "graph"];
    const [first] = Object.values(service as Record<string, (input: object) => Promise<unknown>>);
    await first?.({}).catch(() => {});
  }
  return found;
}

export async function baseUrl(open: Open): Promise<string> {
  const { url, service, method } = await firstRequest(open);
  return url.replace(`/${service.typeName}/${method.name}`, "");
}

export async function target(open: Open): Promise<string> {
  const { hostname, port, protocol } = new URL(await baseUrl(open));
  return `${hostname}:${port || (protocol === "https:" ? 443 : 80)}`;
}

export async function tenantIdHeader(open: Open): Promise<unknown> {
  const { header } = await firstRequest(open, { tenantId: "acme" });
  return [...header].find(([, value]) => value === "acme")?.[0];
}

export async function requestIdHeader(open: Open): Promise<unknown> {
  const { header } = await firstRequest(open);
  return [...header].find(([, value]) => /^[0-9a-f]{32}$/.test(value))?.[0];
}

/** How long a call lasts that gets no answer. */
export async function timeoutMs(open: Open): Promise<number> {
  const wait: Interceptor = () => ({ signal }) =>
    new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  const start = performance.now();
  await getElement(open, { interceptors: [wait] });
  return performance.now() - start;
}

export async function maxAttempts(open: Open): Promise<number> {
  return (await attempts(open)).length;
}

export async function initialBackoffMs(open: Open): Promise<unknown> {
  return (await waits(open, EXACT))[0];
}

export async function backoffMultiplier(open: Open): Promise<unknown> {
  const [first, second] = await waits(open, { ...EXACT, initialBackoffMs: 10 });
  return second! / first!;
}

export async function maxBackoffMs(open: Open): Promise<unknown> {
  return (await waits(open, { ...EXACT, initialBackoffMs: 1000 })).at(-1);
}

export async function jitterMin(open: Open): Promise<number> {
  return (await waits(open, { initialBackoffMs: 1000 }, 0))[0]! / 1000;
}

export async function jitterMax(open: Open): Promise<number> {
  return (await waits(open, { initialBackoffMs: 1000 }, 1))[0]! / 1000;
}

export async function retryableCodes(open: Open): Promise<Set<string>> {
  const found = new Set<string>();
  for (const code of Object.values(Code).filter((code) => typeof code === "number")) {
    if ((await attempts(open, {}, code)).length > 1) {
      found.add(statusOf(new ConnectError("", code)));
    }
  }
  return found;
}
