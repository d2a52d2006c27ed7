import type { graphV1 } from "../proto/index.js";
import { watcherTooSlow } from "./errors.js";

/** One change; `before` and `after` are the element on either side of it. */
export interface Change {
  readonly kind: graphV1.ChangeKind;
  readonly time: Date;
  readonly before: graphV1.Element | undefined;
  readonly after: graphV1.Element | undefined;
}

/** A watcher that reads more slowly than this many changes behind is sent away, so that it cannot fill the memory. */
export const MAX_WAITING_CHANGES = 1_000;

/** Passes changes on to everyone who watches at the moment of the change. */
export class ChangeFeed {
  readonly #watchers = new Set<(change: Change) => void>();

  get watcherCount(): number {
    return this.#watchers.size;
  }

  publish(change: Change): void {
    for (const notify of this.#watchers) {
      notify(change);
    }
  }

  /**
   * Changes from the first `next()` until the signal.
   *
   * @throws the signal's reason once it is aborted, ConnectError ResourceExhausted for a reader that is too slow.
   */
  async *watch(signal: AbortSignal): AsyncGenerator<Change, never> {
    const waiting: Change[] = [];
    let wake = () => {};
    const notify = (change: Change) => {
      waiting.push(change);
      wake();
    };
    const stop = () => wake();
    this.#watchers.add(notify);
    signal.addEventListener("abort", stop);
    try {
      for (;;) {
        signal.throwIfAborted();
        if (waiting.length > MAX_WAITING_CHANGES) {
          throw watcherTooSlow(MAX_WAITING_CHANGES);
        }
        const change = waiting.shift();
        if (change !== undefined) {
          yield change;
        } else {
          await new Promise<void>((resolve) => (wake = resolve));
        }
      }
    } finally {
      this.#watchers.delete(notify);
      signal.removeEventListener("abort", stop);
    }
  }
}
