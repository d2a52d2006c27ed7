import { create } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import type { HandlerContext, ServiceImpl } from "@connectrpc/connect";

import { graphV1 } from "../proto/index.js";
import type { Change } from "./changes.js";
import { elementIdMissing } from "./errors.js";
import type { ElementStore } from "./store.js";
import { requireValid } from "./validation.js";

/** GraphService over a store: checks requests, and puts answers into messages. */
export function graphService(store: ElementStore): ServiceImpl<typeof graphV1.GraphService> {
  return {
    createElement(request) {
      requireValid(graphV1.CreateElementRequestSchema, request);
      return { element: store.create(request.element ?? create(graphV1.ElementSchema)) };
    },

    getElement(request) {
      requireValid(graphV1.GetElementRequestSchema, request);
      return { element: store.get(request.elementId) };
    },

    listElements(request) {
      requireValid(graphV1.ListElementsRequestSchema, request);
      const page = store.list(request.kinds, request.page?.pageSize ?? 0, request.page?.pageToken ?? "");
      return {
        elements: page.elements,
        page: { nextPageToken: page.nextPageToken, totalSize: BigInt(page.totalSize) },
      };
    },

    // With a mask the rules hold for the element that results, not for the part of it that the request carries.
    updateElement({ element, updateMask }) {
      if (!element?.id) {
        throw elementIdMissing();
      }
      return { element: store.update(element, updateMask, (result) => requireValid(graphV1.ElementSchema, result)) };
    },

    deleteElement(request) {
      requireValid(graphV1.DeleteElementRequestSchema, request);
      store.delete(request.elementId, request.etag);
      return {};
    },

    async *watchElements(request: graphV1.WatchElementsRequest, { signal }: HandlerContext) {
      requireValid(graphV1.WatchElementsRequestSchema, request);
      for await (const change of store.changes.watch(signal)) {
        if (concerns(change, request.kinds)) {
          yield rendered(change);
        }
      }
    },
  };
}

/** An element that leaves a watched kind concerns its watchers as much as one that joins it. */
function concerns({ before, after }: Change, kinds: readonly graphV1.ElementKind[]): boolean {
  return kinds.length === 0 || [before, after].some((element) => element && kinds.includes(element.kind));
}

function rendered({ kind, time, before, after }: Change): graphV1.WatchElementsResponse {
  const element = after ?? before;
  return create(graphV1.WatchElementsResponseSchema, {
    change: kind,
    changeTime: timestampFromDate(time),
    ...(element && { element }),
  });
}
