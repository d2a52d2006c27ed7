// The script of a page: asks the graph service at ?service=… for the element ?element=…, or for a new one of the name
// ?name=…, and shows in #answer what it is called, or with which code the call failed.
import { AmeideClient } from "@ameideio/ameide-sdk-ts/browser";
import { graphV1 } from "@ameideio/ameide-sdk-ts/proto.js";
import { Code, ConnectError } from "@connectrpc/connect";

const asked = new URLSearchParams(location.search);
const trace = (next) => (request) => {
  request.header.set("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
  return next(request);
};
const { graph } = new AmeideClient({
  baseUrl: asked.get("service"),
  token: "of a page",
  tenantId: "acme",
  interceptors: [trace],
});

try {
  const elementId = asked.get("element") ?? (await createElement(asked.get("name")));
  const { element } = await graph.getElement({ elementId });
  show("answered", element.name);
} catch (error) {
  show("failed", error instanceof ConnectError ? Code[error.code] : String(error));
}

async function createElement(name) {
  const { element } = await graph.createElement({ element: { name, kind: graphV1.ElementKind.APPLICATION } });
  return element.id;
}

function show(outcome, text) {
  const answer = document.querySelector("#answer");
  answer.textContent = text;
  answer.dataset.outcome = outcome;
}
