import { expect, test } from "vitest";

import { parseSettings } from "../src/settings.js";

test("without environment the service listens everywhere on 8080 and 8081", () => {
  expect(parseSettings({})).toEqual({ host: "0.0.0.0", port: 8080, grpcPort: 8081 });
});

test("the environment decides; empty values count as unset", () => {
  expect(parseSettings({ HOST: "127.0.0.1", PORT: "3000", GRPC_PORT: "" })).toEqual({
    host: "127.0.0.1",
    port: 3000,
    grpcPort: 8081,
  });
});

test.each(["http", "-1", "65536", "80.5", "0x50"])("the port %s is refused by name", (text) => {
  expect(() => parseSettings({ GRPC_PORT: text })).toThrow(`GRPC_PORT: found "${text}", expected a port`);
});
