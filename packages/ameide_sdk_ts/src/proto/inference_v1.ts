export * from "../_proto/ameide_core_proto/inference/v1/inference_pb.js";
export * from "../_proto/ameide_core_proto/inference/v1/inference_service_pb.js";
