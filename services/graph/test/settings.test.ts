import { expect, test } from "vitest";

import { parseSettings } from "../src/settings.js";

test("without environment the service listens everywhere on 8080 and 8081", () => {
  expect(parseSettings({})).toEqual({ host: "0.0.0.0", port: 8080, grpcPort: 8081, allowedOrigins: [] });
});

test("the environment decides; empty values count as unset", () => {
  expect(parseSettings({ HOST: "127.0.0.1", PORT: "3000", GRPC_PORT: "" })).toEqual({
    host: "127.0.0.1",
    port: 3000,
    grpcPort: 8081,
    allowedOrigins: [],
  });
});

test.each(["http", "-1", "65536", "80.5", "0x50"])("the port %s is refused by name", (text) => {
  expect(() => parseSettings({ GRPC_PORT: text })).toThrow(`GRPC_PORT: found "${text}", expected a port`);
});

test("origins are separated by commas, with or without blanks", () => {
  const text = "https://app.ameide.io, http://localhost:3000,";
  const { allowedOrigins } = parseSettings({ CORS_ALLOWED_ORIGINS: text });
  expect(allowedOrigins).toEqual(["https://app.ameide.io", "http://localhost:3000"]);
});

test.each(["*", "null", "app.ameide.io", "https://app.ameide.io/", "https://App.ameide.io", "https://app.ameide.io:443"])(
  "the origin %s, which no browser would send, is refused by name",
  (text) => {
    const sentence = `CORS_ALLOWED_ORIGINS: found "${text}", expected an origin`;
    expect(() => parseSettings({ CORS_ALLOWED_ORIGINS: `http://localhost,${text}` })).toThrow(sentence);
  },
);
