/** What the promise gives. A signal that comes first throws its reason, which transports turn into a status. */
export async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
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

/** A wait that the signal ends at once, as in `untilAborted`. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const passed = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, Math.ceil(milliseconds)); // Timers cut off fractions.
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
