import datetime

from ameide_sdk._proto.ameide_core_proto.common.v1 import pagination_pb2 as _pagination_pb2
from ameide_sdk._proto.ameide_core_proto.graph.v1 import graph_pb2 as _graph_pb2
from ameide_sdk._proto.buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import field_mask_pb2 as _field_mask_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ChangeKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CHANGE_KIND_UNSPECIFIED: _ClassVar[ChangeKind]
    CHANGE_KIND_CREATED: _ClassVar[ChangeKind]
    CHANGE_KIND_UPDATED: _ClassVar[ChangeKind]
    CHANGE_KIND_DELETED: _ClassVar[ChangeKind]
CHANGE_KIND_UNSPECIFIED: ChangeKind
CHANGE_KIND_CREATED: ChangeKind
CHANGE_KIND_UPDATED: ChangeKind
CHANGE_KIND_DELETED: ChangeKind

class CreateElementRequest(_message.Message):
    __slots__ = ("element",)
    ELEMENT_FIELD_NUMBER: _ClassVar[int]
    element: _graph_pb2.Element
    def __init__(self, element: _Optional[_Union[_graph_pb2.Element, _Mapping]] = ...) -> None: ...

class CreateElementResponse(_message.Message):
    __slots__ = ("element",)
    ELEMENT_FIELD_NUMBER: _ClassVar[int]
    element: _graph_pb2.Element
    def __init__(self, element: _Optional[_Union[_graph_pb2.Element, _Mapping]] = ...) -> None: ...

class GetElementRequest(_message.Message):
    __slots__ = ("element_id",)
    ELEMENT_ID_FIELD_NUMBER: _ClassVar[int]
    element_id: str
    def __init__(self, element_id: _Optional[str] = ...) -> None: ...

class GetElementResponse(_message.Message):
    __slots__ = ("element",)
    ELEMENT_FIELD_NUMBER: _ClassVar[int]
    element: _graph_pb2.Element
    def __init__(self, element: _Optional[_Union[_graph_pb2.Element, _Mapping]] = ...) -> None: ...

class ListElementsRequest(_message.Message):
    __slots__ = ("page", "kinds")
    PAGE_FIELD_NUMBER: _ClassVar[int]
    KINDS_FIELD_NUMBER: _ClassVar[int]
    page: _pagination_pb2.PageRequest
    kinds: _containers.RepeatedScalarFieldContainer[_graph_pb2.ElementKind]
    def __init__(self, page: _Optional[_Union[_pagination_pb2.PageRequest, _Mapping]] = ..., kinds: _Optional[_Iterable[_Union[_graph_pb2.ElementKind, str]]] = ...) -> None: ...

class ListElementsResponse(_message.Message):
    __slots__ = ("elements", "page")
    ELEMENTS_FIELD_NUMBER: _ClassVar[int]
    PAGE_FIELD_NUMBER: _ClassVar[int]
    elements: _containers.RepeatedCompositeFieldContainer[_graph_pb2.Element]
    page: _pagination_pb2.PageResponse
    def __init__(self, elements: _Optional[_Iterable[_Union[_graph_pb2.Element, _Mapping]]] = ..., page: _Optional[_Union[_pagination_pb2.PageResponse, _Mapping]] = ...) -> None: ...

class UpdateElementRequest(_message.Message):
    __slots__ = ("element", "update_mask")
    ELEMENT_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    element: _graph_pb2.Element
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, element: _Optional[_Union[_graph_pb2.Element, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class UpdateElementResponse(_message.Message):
    __slots__ = ("element",)
    ELEMENT_FIELD_NUMBER: _ClassVar[int]
    element: _graph_pb2.Element
    def __init__(self, element: _Optional[_Union[_graph_pb2.Element, _Mapping]] = ...) -> None: ...

class DeleteElementRequest(_message.Message):
    __slots__ = ("element_id", "etag")
    ELEMENT_ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    element_id: str
    etag: str
    def __init__(self, element_id: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class DeleteElementResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class WatchElementsRequest(_message.Message):
    __slots__ = ("kinds",)
    KINDS_FIELD_NUMBER: _ClassVar[int]
    kinds: _containers.RepeatedScalarFieldContainer[_graph_pb2.ElementKind]
    def __init__(self, kinds: _Optional[_Iterable[_Union[_graph_pb2.ElementKind, str]]] = ...) -> None: ...

class WatchElementsResponse(_message.Message):
    __slots__ = ("change", "change_time", "element")
    CHANGE_FIELD_NUMBER: _ClassVar[int]
    CHANGE_TIME_FIELD_NUMBER: _ClassVar[int]
    ELEMENT_FIELD_NUMBER: _ClassVar[int]
    change: ChangeKind
    change_time: _timestamp_pb2.Timestamp
    element: _graph_pb2.Element
    def __init__(self, change: _Optional[_Union[ChangeKind, str]] = ..., change_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., element: _Optional[_Union[_graph_pb2.Element, _Mapping]] = ...) -> None: ...
