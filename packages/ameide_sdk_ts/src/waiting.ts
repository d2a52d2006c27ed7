import { Code, ConnectError } from "@connectrpc/connect";

/**
 * What the promise gives, unless the signal comes first.
 *
 * @throws ConnectError with the signal's reason: CANCELLED, unless the reason has a code of its own.
 */
export async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(ConnectError.from(signal.reason, Code.Canceled));
  });
  signal.addEventListener("abort", stop);
  if (signal.aborted) {
    stop();
  }
  try {
    return await Promise.race([aborted, promise]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** A wait that the signal ends at once, with the error of `untilAborted`. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const passed = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  try {
    await untilAborted(passed, signal);
  } finally {
    clearTimeout(timer);
  }
}

/** The messages of a stream; `ended` is told once when they end, with the error if they end with one. */
export async function* untilEnd<T>(messages: AsyncIterable<T>, ended: (error?: unknown) => void): AsyncIterable<T> {
  try {
    yield* messages;
  } catch (error) {
    ended(error);
    throw error;
  }
  ended();
}
