import { Code, ConnectError } from "@connectrpc/connect";

export function elementIdMissing(): ConnectError {
  return new ConnectError("element.id: expected the id of the element to update", Code.InvalidArgument);
}

export function elementNotFound(id: string): ConnectError {
  return new ConnectError(`element "${id}" does not exist`, Code.NotFound);
}

export function elementChanged(id: string): ConnectError {
  return new ConnectError(`element "${id}" changed in the meantime: read it again`, Code.Aborted);
}

export function referenceMissing(id: string): ConnectError {
  return new ConnectError(`element "${id}", to which this one refers, does not exist`, Code.FailedPrecondition);
}

export function elementInUse(id: string, userId: string): ConnectError {
  return new ConnectError(`element "${id}" is still referred to by "${userId}"`, Code.FailedPrecondition);
}

export function pageTokenInvalid(): ConnectError {
  const expected = "expected the next_page_token of a list with the same kinds";
  return new ConnectError(`page.page_token: ${expected}`, Code.InvalidArgument);
}

export function maskPathInvalid(path: string, expected: readonly string[]): ConnectError {
  return new ConnectError(`update_mask: found "${path}", expected one of ${expected.join(", ")}`, Code.InvalidArgument);
}

export function watcherTooSlow(limit: number): ConnectError {
  return new ConnectError(`more than ${limit} changes wait to be read: watch again`, Code.ResourceExhausted);
}

export function serviceStopping(): ConnectError {
  return new ConnectError("the service is stopping: call again", Code.Unavailable);
}
