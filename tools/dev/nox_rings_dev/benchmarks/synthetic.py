"""A schema of any size, the same text on every machine: formatted as buf formats it, and sound to its lint."""

from __future__ import annotations

from collections.abc import Iterator

SERVICES_PER_PACKAGE = 2
METHODS = ("Get", "List", "Create", "Update", "Watch")


def synthetic_schema(packages: int, files_per_package: int) -> dict[str, str]:
    """Path → text. A package imports the first one, which is common to all, and the one at half its number: no circle,
    and few ways through the imports, of which a rule of lint walks every one. Its last files are services."""
    texts: dict[str, str] = {}
    records = files_per_package - SERVICES_PER_PACKAGE
    for package in range(packages):
        for file in range(records):
            texts[f"{_folder(package)}/{_record(package, file).lower()}.proto"] = _record_file(package, file)
        for file in range(SERVICES_PER_PACKAGE):
            name = _record(package, file)
            texts[f"{_folder(package)}/{name.lower()}_service.proto"] = _service_file(package, file)
    return texts


def _folder(package: int) -> str:
    return f"synthetic/area{package:02}/v1"


def _package(package: int) -> str:
    return _folder(package).replace("/", ".")


def _record(package: int, file: int) -> str:
    """The name of the message a file is about; its file's in lower case."""
    return f"Record{package:02}x{file:02}"


def _head(package: int, imports: list[str]) -> Iterator[str]:
    yield f'syntax = "proto3";\n\npackage {_package(package)};\n'
    yield "".join(f'import "{path}";\n' for path in sorted(imports))


def _record_file(package: int, file: int) -> str:
    name = _record(package, file)
    others = [(other, file) for other in sorted({0, package // 2} - {package})]
    if file:
        others.append((package, file - 1))
    imports = [f"{_folder(other)}/{_record(other, index).lower()}.proto" for other, index in others]
    head = _head(package, ["google/protobuf/struct.proto", "google/protobuf/timestamp.proto", *imports])
    types = [f"{_package(other)}.{_record(other, index)}" for other, index in others]
    relatives = "".join(f"  {each} relative{number} = {number + 20};\n" for number, each in enumerate(types))
    return "\n".join([*head, _enum(name), _message(name, relatives), _entry(name)])


def _enum(name: str) -> str:
    prefix = _screaming(f"{name}Kind")
    values = "".join(
        f"  {prefix}_{value} = {number};\n"
        for number, value in enumerate(("UNSPECIFIED", "DRAFT", "ACTIVE", "PAUSED", "ARCHIVED", "DELETED"))
    )
    return f"// {name}Kind says how far a record has come.\nenum {name}Kind {{\n{values}}}\n"


def _message(name: str, relatives: str) -> str:
    return f"""\
// {name} is something that is kept.
message {name} {{
  // Where it lies.
  message Place {{
    string street = 1;
    string city = 2;
    double latitude = 3;
    double longitude = 4;
  }}

  // Chosen by the server on creation.
  string id = 1;
  string title = 2;
  optional string subtitle = 3;
  {name}Kind kind = 4;
  repeated string tags = 5;
  map<string, string> labels = 6;
  map<string, {name}Entry> entries = 7;
  google.protobuf.Timestamp created_at = 8;
  google.protobuf.Struct properties = 9;
  Place place = 10;

  // What it stands for.
  oneof source {{
    string document_uri = 11;
    bytes content = 12;
    {name}Entry entry = 13;
  }}
{relatives}}}
"""


def _entry(name: str) -> str:
    return f"""\
// {name}Entry is a line of a {name}.
message {name}Entry {{
  int64 number = 1;
  uint32 count = 2;
  bool is_done = 3;
  repeated double values = 4 [packed = true];
  repeated {name}Entry children = 5;
}}
"""


def _service_file(package: int, file: int) -> str:
    name = _record(package, file)
    head = _head(package, [f"{_folder(package)}/{name.lower()}.proto", "google/protobuf/field_mask.proto"])
    methods = "\n\n".join(_method(verb, name) for verb in METHODS)
    service = f"// {name}Service keeps records.\nservice {name}Service {{\n{methods}\n}}\n"
    return "\n".join([*head, service, *(_exchange(verb, name) for verb in METHODS)])


def _method(verb: str, name: str) -> str:
    answer = f"stream {verb}{name}Response" if verb == "Watch" else f"{verb}{name}Response"
    return f"  // {verb}{name} does what its name says.\n  rpc {verb}{name}({verb}{name}Request) returns ({answer});"


def _exchange(verb: str, name: str) -> str:
    return f"""\
message {verb}{name}Request {{
  string id = 1;
  {name} record = 2;
  google.protobuf.FieldMask mask = 3;
  int32 page_size = 4;
  string page_token = 5;
}}

message {verb}{name}Response {{
  repeated {name} records = 1;
  string next_page_token = 2;
}}
"""


def _screaming(name: str) -> str:
    """The prefix that lint wants for the values of an enum: `Record01x02Kind` → `RECORD01X02_KIND`."""
    words = "".join(f"_{character}" if character.isupper() else character for character in name)
    return words.strip("_").upper()
