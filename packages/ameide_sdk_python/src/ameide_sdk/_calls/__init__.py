"""What a call goes through. The interceptors say what is to be done; they are the same for all kinds of clients.

`blocking`, `pending` and `asynchronous` do it: with the caller's thread, with callbacks, on an event loop.
"""
