export { AmeideClient } from "./client.js";
export { DEFAULT_TIMEOUT_MS, type ClientOptions } from "./options.js";
