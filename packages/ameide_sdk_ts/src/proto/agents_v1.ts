export * from "../_proto/ameide_core_proto/agents/v1/agents_pb.js";
export * from "../_proto/ameide_core_proto/agents/v1/agents_service_pb.js";
