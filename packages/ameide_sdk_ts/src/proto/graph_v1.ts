export * from "../_proto/ameide_core_proto/graph/v1/graph_pb.js";
export * from "../_proto/ameide_core_proto/graph/v1/graph_service_pb.js";
