/** The one door to the stubs: nothing else in this service imports them. */
export { commonV1, graphV1 } from "@ameideio/ameide-sdk-ts/proto.js";
