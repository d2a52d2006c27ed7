// Runs the scenarios of sdk/contract against a server and prints what came out, as sdk/contract/README.md says:
//
//     node contract/run.mjs ts-connect|ts-grpc|ts-browser URL < sdk/contract/scenarios.json
//
// It takes the package as it was built.
import { readFileSync } from "node:fs";

import { AmeideClient as BrowserClient } from "../dist/browser.js";
import { AmeideClient as NodeClient } from "../dist/node.js";

import { runScenario } from "./scenario.mjs";
import { recordSpans } from "./spans.mjs";

const CLIENTS = {
  "ts-connect": (options) => new NodeClient({ ...options, protocol: "connect" }),
  "ts-grpc": (options) => new NodeClient({ ...options, protocol: "grpc" }),
  "ts-browser": (options) => new BrowserClient(options),
};

const [name, url] = process.argv.slice(2);
const open = CLIENTS[name];
if (open === undefined || !URL.canParse(url)) {
  throw new Error(`run.mjs: found "${name} ${url}", expected one of ${Object.keys(CLIENTS).join(", ")} and an address`);
}
const { scenarios, ...table } = JSON.parse(readFileSync(0, "utf8"));
const recording = recordSpans();
const results = {};
// One after another: what a scenario records is its own then, whatever trace it belongs to.
for (const scenario of scenarios) {
  const headers = { "x-contract-scenario": scenario.name, "x-contract-runner": name };
  results[scenario.name] = await runScenario(scenario, {
    headers,
    recording,
    open: (options) => open({ ...options, baseUrl: url, tenantId: table.tenantId }),
    token: scenario.client?.token ?? table.token,
  });
}
console.log(JSON.stringify(results));
