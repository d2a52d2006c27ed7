from ameide_sdk._proto.ameide_core_proto.common.v1 import resource_pb2 as _resource_pb2
from ameide_sdk._proto.buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import struct_pb2 as _struct_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ElementKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ELEMENT_KIND_UNSPECIFIED: _ClassVar[ElementKind]
    ELEMENT_KIND_CAPABILITY: _ClassVar[ElementKind]
    ELEMENT_KIND_PROCESS: _ClassVar[ElementKind]
    ELEMENT_KIND_APPLICATION: _ClassVar[ElementKind]
    ELEMENT_KIND_DATA_OBJECT: _ClassVar[ElementKind]
    ELEMENT_KIND_NODE: _ClassVar[ElementKind]

class RelationshipKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RELATIONSHIP_KIND_UNSPECIFIED: _ClassVar[RelationshipKind]
    RELATIONSHIP_KIND_COMPOSES: _ClassVar[RelationshipKind]
    RELATIONSHIP_KIND_REALIZES: _ClassVar[RelationshipKind]
    RELATIONSHIP_KIND_SERVES: _ClassVar[RelationshipKind]
    RELATIONSHIP_KIND_FLOWS_TO: _ClassVar[RelationshipKind]
ELEMENT_KIND_UNSPECIFIED: ElementKind
ELEMENT_KIND_CAPABILITY: ElementKind
ELEMENT_KIND_PROCESS: ElementKind
ELEMENT_KIND_APPLICATION: ElementKind
ELEMENT_KIND_DATA_OBJECT: ElementKind
ELEMENT_KIND_NODE: ElementKind
RELATIONSHIP_KIND_UNSPECIFIED: RelationshipKind
RELATIONSHIP_KIND_COMPOSES: RelationshipKind
RELATIONSHIP_KIND_REALIZES: RelationshipKind
RELATIONSHIP_KIND_SERVES: RelationshipKind
RELATIONSHIP_KIND_FLOWS_TO: RelationshipKind

class Relationship(_message.Message):
    __slots__ = ("target_element_id", "kind")
    TARGET_ELEMENT_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    target_element_id: str
    kind: RelationshipKind
    def __init__(self, target_element_id: _Optional[str] = ..., kind: _Optional[_Union[RelationshipKind, str]] = ...) -> None: ...

class Element(_message.Message):
    __slots__ = ("id", "name", "kind", "description", "properties", "relationships", "document_uri", "origin_element_id", "metadata")
    ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    PROPERTIES_FIELD_NUMBER: _ClassVar[int]
    RELATIONSHIPS_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_URI_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_ELEMENT_ID_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    id: str
    name: str
    kind: ElementKind
    description: str
    properties: _struct_pb2.Struct
    relationships: _containers.RepeatedCompositeFieldContainer[Relationship]
    document_uri: str
    origin_element_id: str
    metadata: _resource_pb2.ResourceMetadata
    def __init__(self, id: _Optional[str] = ..., name: _Optional[str] = ..., kind: _Optional[_Union[ElementKind, str]] = ..., description: _Optional[str] = ..., properties: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., relationships: _Optional[_Iterable[_Union[Relationship, _Mapping]]] = ..., document_uri: _Optional[str] = ..., origin_element_id: _Optional[str] = ..., metadata: _Optional[_Union[_resource_pb2.ResourceMetadata, _Mapping]] = ...) -> None: ...
