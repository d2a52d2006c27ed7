export * from "../_proto/ameide_core_proto/common/v1/pagination_pb.js";
export * from "../_proto/ameide_core_proto/common/v1/resource_pb.js";
