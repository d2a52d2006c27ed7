"""Every way a call fails.

InferenceError
├── InvalidRequestError   the request breaks a rule of the schema or of this service
├── UnknownModelError     no such model
├── OutOfTimeError        the model took longer than the call allowed
└── CallerGoneError       nobody waits for the answer any more
"""


class InferenceError(Exception):
    """The message is one sentence for the caller."""


class InvalidRequestError(InferenceError):
    pass


class UnknownModelError(InferenceError):
    pass


class OutOfTimeError(InferenceError):
    pass


class CallerGoneError(InferenceError):
    pass
