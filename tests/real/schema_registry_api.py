"""The part of the Buf Schema Registry's API that `buf push` and `buf dep update` use, as buf 1.75 sends it.

Declared by hand from https://buf.build/bufbuild/registry (buf.registry.module.v1); only the fields that occur."""

from __future__ import annotations

from dataclasses import dataclass

from protobuf_wire import Shape

FILE: Shape = {"path": (1, str), "content": (2, bytes)}
TIMESTAMP: Shape = {"seconds": (1, int)}
DIGEST: Shape = {"type": (1, int), "value": (2, bytes)}
DIGEST_TYPE_B5 = 1
FILE_TYPE_PROTO = 1

MODULE_NAME: Shape = {"owner": (1, str), "module": (2, str)}
MODULE_REF: Shape = {"id": (1, str), "name": (2, MODULE_NAME)}
MODULE: Shape = {
    "id": (1, str),
    "create_time": (2, TIMESTAMP),
    "update_time": (3, TIMESTAMP),
    "name": (4, str),
    "owner_id": (5, str),
    "visibility": (6, int),
    "state": (7, int),
    "default_label_name": (10, str),
}
COMMIT: Shape = {
    "id": (1, str),
    "create_time": (2, TIMESTAMP),
    "owner_id": (3, str),
    "module_id": (4, str),
    "digest": (5, DIGEST),
    "source_control_url": (7, str),
}
RESOURCE_NAME: Shape = {"owner": (1, str), "module": (2, str), "label_name": (3, str), "ref": (4, str)}
RESOURCE_REF: Shape = {"id": (1, str), "name": (2, RESOURCE_NAME)}
SCOPED_LABEL_REF: Shape = {"id": (1, str), "name": (2, str)}
UPLOAD_CONTENT: Shape = {
    "module_ref": (1, MODULE_REF),
    "files": (2, [FILE]),
    "scoped_label_refs": (3, [SCOPED_LABEL_REF]),
    "source_control_url": (4, str),
}
DOWNLOAD_VALUE: Shape = {
    "resource_ref": (1, RESOURCE_REF),
    "file_types": (2, [int]),
    "paths": (3, [str]),
    "paths_allow_not_exist": (4, int),
}
DOWNLOAD_CONTENT: Shape = {"commit": (1, COMMIT), "files": (2, [FILE])}
NODE: Shape = {"commit_id": (1, str)}
GRAPH: Shape = {"commits": (1, [COMMIT]), "edges": (2, [{"from_node": (1, NODE), "to_node": (2, NODE)}])}


@dataclass(frozen=True, slots=True)
class Procedure:
    request: Shape
    response: Shape


PROCEDURES = {
    "/buf.registry.module.v1.ModuleService/GetModules": Procedure(
        {"module_refs": (1, [MODULE_REF])}, {"modules": (1, [MODULE])}
    ),
    "/buf.registry.module.v1.CommitService/GetCommits": Procedure(
        {"resource_refs": (1, [RESOURCE_REF])}, {"commits": (1, [COMMIT])}
    ),
    "/buf.registry.module.v1.GraphService/GetGraph": Procedure(
        {"resource_refs": (1, [RESOURCE_REF])}, {"graph": (1, GRAPH)}
    ),
    "/buf.registry.module.v1.DownloadService/Download": Procedure(
        {"values": (1, [DOWNLOAD_VALUE])}, {"contents": (1, [DOWNLOAD_CONTENT])}
    ),
    "/buf.registry.module.v1.UploadService/Upload": Procedure(
        {"contents": (1, [UPLOAD_CONTENT]), "dep_commit_ids": (2, [str])}, {"commits": (1, [COMMIT])}
    ),
}
