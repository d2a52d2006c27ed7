import { clone, create, type DescField } from "@bufbuild/protobuf";
import type { FieldMask } from "@bufbuild/protobuf/wkt";
import { reflect } from "@bufbuild/protobuf/reflect";

import { commonV1, graphV1 } from "../proto/index.js";
import { maskPathInvalid } from "./errors.js";

const { field } = graphV1.ElementSchema;

/** The rest of an element is the server's. */
const WRITABLE: readonly DescField[] = [
  field.name,
  field.kind,
  field.description,
  field.properties,
  field.relationships,
  field.documentUri,
  field.originElementId,
];
const LABELS = `${field.metadata.name}.${commonV1.ResourceMetadataSchema.field.labels.name}`;
const PATHS = [...WRITABLE.map((each) => each.name), LABELS];

/**
 * `stored` with the fields that the mask names taken from `wanted`; without a mask, or for `*`, every writable field.
 * A named field that `wanted` leaves unset is cleared.
 *
 * @throws ConnectError InvalidArgument for a path that names no writable field.
 */
export function merged(stored: graphV1.Element, wanted: graphV1.Element, mask?: FieldMask): graphV1.Element {
  const paths = pathsOf(mask);
  const result = clone(graphV1.ElementSchema, stored);
  const source = reflect(graphV1.ElementSchema, clone(graphV1.ElementSchema, wanted));
  const target = reflect(graphV1.ElementSchema, result);
  for (const each of WRITABLE.filter(({ name }) => paths.has(name))) {
    if (source.isSet(each)) {
      target.set(each, source.get(each));
    } else {
      target.clear(each);
    }
  }
  if (paths.has(LABELS)) {
    result.metadata ??= create(commonV1.ResourceMetadataSchema);
    result.metadata.labels = { ...wanted.metadata?.labels };
  }
  return result;
}

function pathsOf(mask: FieldMask | undefined): ReadonlySet<string> {
  const named = mask?.paths ?? [];
  if (named.length === 0 || (named.length === 1 && named[0] === "*")) {
    return new Set(PATHS);
  }
  const unknown = named.find((path) => !PATHS.includes(path));
  if (unknown !== undefined) {
    throw maskPathInvalid(unknown, PATHS);
  }
  return new Set(named);
}
