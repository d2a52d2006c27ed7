/**
 * Every service and message of the platform, a namespace for each package of the schema: short names such as
 * `Message` or `Role` repeat between packages, and between the versions of one.
 */
export * as agentsV1 from "./proto/agents_v1.js";
export * as commonV1 from "./proto/common_v1.js";
export * as graphV1 from "./proto/graph_v1.js";
export * as inferenceV1 from "./proto/inference_v1.js";
