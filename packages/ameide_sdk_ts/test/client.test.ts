import { Code, ConnectError, createRouterTransport } from "@connectrpc/connect";
import { expect, test } from "vitest";

import { AmeideClient } from "../src/index.js";
import { agentsV1, graphV1, inferenceV1 } from "../src/proto.js";

const client = new AmeideClient(
  createRouterTransport((router) => {
    router.service(graphV1.GraphService, {
      getElement: ({ elementId }) => ({ element: { id: elementId, name: `name of ${elementId}` } }),
    });
    router.service(agentsV1.AgentsService, {
      getAgent({ agentId }) {
        throw new ConnectError(`agent "${agentId}" does not exist`, Code.NotFound);
      },
    });
    router.service(inferenceV1.InferenceService, {
      async *streamInfer({ messages }) {
        for (const { content } of messages) {
          yield { part: { case: "textDelta", value: content.case === "text" ? content.value : "" } };
        }
      },
    });
  }),
);

test("graph answers with typed messages", async () => {
  const { element } = await client.graph.getElement({ elementId: "e1" });
  expect(element?.name).toBe("name of e1");
});

test("agents passes errors of the server on", async () => {
  await expect(client.agents.getAgent({ agentId: "a1" })).rejects.toMatchObject({
    code: Code.NotFound,
    rawMessage: 'agent "a1" does not exist',
  });
});

test("inference streams the parts of an answer", async () => {
  const parts: unknown[] = [];
  const role = inferenceV1.Role.USER;
  const messages = ["one", "two"].map((value) => ({ role, content: { case: "text" as const, value } }));
  for await (const { part } of client.inference.streamInfer({ model: "m", messages })) {
    parts.push(part.value);
  }
  expect(parts).toEqual(["one", "two"]);
});
