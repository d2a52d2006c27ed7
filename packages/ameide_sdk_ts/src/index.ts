export { AmeideClient } from "./client.js";
export { interceptors } from "./interceptors.js";
export type { RetryPolicy } from "./manifest.js";
export { DEFAULT_TIMEOUT_MS, type ClientOptions, type InterceptorOptions, type TokenProvider } from "./options.js";
