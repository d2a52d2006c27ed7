import { inspect } from "node:util";

import { Code, type ConnectError } from "@connectrpc/connect";
import { expect, test, vi } from "vitest";

import { AmeideClient as BrowserClient } from "../src/browser.js";
import type { TokenProvider } from "../src/index.js";
import { AmeideClient as NodeClient } from "../src/node.js";
import { clientWith, UNAVAILABLE } from "./stub.js";

const SECRET = "secret-17c2";

/** All that an error or a client shows of itself. */
function shown(value: unknown): string {
  const deep = inspect(value, { depth: Infinity, showHidden: true, getters: true });
  return `${deep}\n${String(value)}\n${JSON.stringify(value)}\n${(value as Partial<Error>).stack}`;
}

async function failureOf(token: string | TokenProvider): Promise<{ error: ConnectError; sent: number }> {
  const answer = vi.fn();
  const error = await clientWith({ token }, answer)
    .getElement({})
    .then(
      () => expect.unreachable("the call succeeded"),
      (error: ConnectError) => error,
    );
  return { error, sent: answer.mock.calls.length };
}

const FAILING: [what: string, token: string | TokenProvider][] = [
  ["throws", () => { throw new Error(`cannot refresh with ${SECRET}`); }],
  ["rejects", () => Promise.reject(new Error(`cannot refresh with ${SECRET}`))],
  ["rejects with an error of its own code", () => Promise.reject(Object.assign(UNAVAILABLE, { cause: SECRET }))],
  ["gives what no header may have", async () => `${SECRET}\nand more`],
  ["gives an empty token", () => ""],
  ["gives none", () => undefined as unknown as string],
];

test.each(FAILING)("a provider that %s sends nothing, and is not quoted", async (_, token) => {
  const { error, sent } = await failureOf(token);
  expect(error.code).toBe(Code.Unauthenticated);
  expect(sent).toBe(0);
  expect(shown(error)).not.toContain(SECRET);
});

test("a token that no header may have is not quoted", async () => {
  const { error } = await failureOf(`${SECRET}\nand more`);
  expect(error.code).toBe(Code.Unauthenticated);
  expect(shown(error)).not.toContain(SECRET);
});

test("a provider is asked once for all attempts of a call", async () => {
  const token = vi.fn(() => "a token");
  const found: (string | null)[] = [];
  const graph = clientWith({ token, retry: { initialBackoffMs: 1 } }, (attempt, { header }) => {
    found.push(header.get("authorization"));
    if (attempt < 3) {
      throw UNAVAILABLE;
    }
  });
  await graph.getElement({});
  expect(token).toHaveBeenCalledOnce();
  expect(found).toEqual(["Bearer a token", "Bearer a token", "Bearer a token"]);
});

test("a provider is not asked where the call brings its authorization", async () => {
  const token = vi.fn(() => "a token");
  await clientWith({ token }, () => {}).getElement({}, { headers: { authorization: "Basic abc" } });
  expect(token).not.toHaveBeenCalled();
});

test("cancelling does not wait for a provider", async () => {
  const caller = new AbortController();
  const token = () => new Promise<string>(() => caller.abort());
  const call = clientWith({ token }, () => {}).getElement({}, { signal: caller.signal });
  await expect(call).rejects.toMatchObject({ code: Code.Canceled });
});

test("neither does the deadline of a call", async () => {
  const call = clientWith({ token: () => new Promise(() => {}) }, () => {}).getElement({}, { timeoutMs: 20 });
  await expect(call).rejects.toMatchObject({ code: Code.DeadlineExceeded });
});

test.each([
  ["node", NodeClient],
  ["browser", BrowserClient],
])("a client of %s does not show its token", (_, Client) => {
  expect(shown(new Client({ token: SECRET }))).not.toContain(SECRET);
});

test("a client of an own transport does not show its token", () => {
  expect(shown(clientWith({ token: SECRET }, () => {}))).not.toContain(SECRET);
});
