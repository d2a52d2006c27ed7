import { randomUUID } from "node:crypto";

import { clone, create } from "@bufbuild/protobuf";
import { timestampFromDate, type FieldMask } from "@bufbuild/protobuf/wkt";

import { commonV1, graphV1 } from "../proto/index.js";
import { ChangeFeed } from "./changes.js";
import { elementChanged, elementInUse, elementNotFound, referenceMissing } from "./errors.js";
import { merged } from "./mask.js";
import { DEFAULT_PAGE_SIZE, parsePageToken, renderPageToken } from "./page.js";

interface Entry {
  /** Grows with every creation: lists are in this order, whatever is deleted meanwhile. */
  readonly number: number;
  element: graphV1.Element;
}

/** Throws where an element must not be stored. */
export type Check = (element: graphV1.Element) => void;

export interface Page {
  readonly elements: graphV1.Element[];
  readonly nextPageToken: string;
  readonly totalSize: number;
}

/** The elements, in memory. What goes in and out is copied, so that nobody holds a stored element. */
export class ElementStore {
  readonly changes = new ChangeFeed();
  readonly #entries = new Map<string, Entry>();
  readonly #now: () => Date;
  #created = 0;

  constructor(now: () => Date = () => new Date()) {
    this.#now = now;
  }

  create(wanted: graphV1.Element): graphV1.Element {
    const time = this.#now();
    const element = stamped(merged(create(graphV1.ElementSchema, { id: randomUUID() }), wanted), time);
    this.#requireReferences(element);
    this.#entries.set(element.id, { number: ++this.#created, element });
    this.changes.publish({ kind: graphV1.ChangeKind.CREATED, time, before: undefined, after: copied(element) });
    return copied(element);
  }

  get(id: string): graphV1.Element {
    return copied(this.#require(id).element);
  }

  list(kinds: readonly graphV1.ElementKind[], pageSize: number, pageToken: string): Page {
    const start = parsePageToken(pageToken, kinds);
    const isWanted = ({ element }: Entry) => kinds.length === 0 || kinds.includes(element.kind);
    const found = [...this.#entries.values()].filter(isWanted);
    const rest = found.filter(({ number }) => number > start);
    const page = rest.slice(0, pageSize || DEFAULT_PAGE_SIZE);
    const last = page.at(-1);
    return {
      elements: page.map(({ element }) => copied(element)),
      nextPageToken: last && page.length < rest.length ? renderPageToken(last.number, kinds) : "",
      totalSize: found.length,
    };
  }

  /** `check` sees the element as it would be stored. */
  update(wanted: graphV1.Element, mask: FieldMask | undefined, check: Check): graphV1.Element {
    const entry = this.#require(wanted.id);
    requireEtag(entry.element, wanted.metadata?.etag ?? "");
    const time = this.#now();
    const before = entry.element;
    const after = stamped(merged(before, wanted, mask), time);
    check(after);
    this.#requireReferences(after);
    entry.element = after;
    this.changes.publish({ kind: graphV1.ChangeKind.UPDATED, time, before: copied(before), after: copied(after) });
    return copied(after);
  }

  delete(id: string, etag: string): void {
    const { element } = this.#require(id);
    requireEtag(element, etag);
    const user = [...this.#entries.values()].find((entry) => entry.element.id !== id && refersTo(entry.element, id));
    if (user) {
      throw elementInUse(id, user.element.id);
    }
    this.#entries.delete(id);
    const time = this.#now();
    this.changes.publish({ kind: graphV1.ChangeKind.DELETED, time, before: copied(element), after: undefined });
  }

  #require(id: string): Entry {
    const entry = this.#entries.get(id);
    if (!entry) {
      throw elementNotFound(id);
    }
    return entry;
  }

  #requireReferences(element: graphV1.Element): void {
    const missing = references(element).find((id) => id !== element.id && !this.#entries.has(id));
    if (missing !== undefined) {
      throw referenceMissing(missing);
    }
  }
}

function copied(element: graphV1.Element): graphV1.Element {
  return clone(graphV1.ElementSchema, element);
}

/** Marks a write: a new etag, the time of it, and the time of creation where there is none yet. */
function stamped(element: graphV1.Element, time: Date): graphV1.Element {
  const metadata = (element.metadata ??= create(commonV1.ResourceMetadataSchema));
  metadata.createTime ??= timestampFromDate(time);
  metadata.updateTime = timestampFromDate(time);
  metadata.etag = randomUUID();
  return element;
}

function references({ relationships, source }: graphV1.Element): string[] {
  const targets = relationships.map(({ targetElementId }) => targetElementId);
  return source.case === "originElementId" ? [...targets, source.value] : targets;
}

function refersTo(element: graphV1.Element, id: string): boolean {
  return references(element).includes(id);
}

/** An empty etag asks for no check. */
function requireEtag(element: graphV1.Element, etag: string): void {
  if (etag !== "" && etag !== element.metadata?.etag) {
    throw elementChanged(element.id);
  }
}
