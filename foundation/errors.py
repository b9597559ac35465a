"""Refusals that a person understands, one class for each HTTP status.

A service raises one; the API answers it as `application/problem+json` (RFC 9457), a page as a page. `code` is for
programs and stays the same, `detail` says to a person what happened and what to do next.
"""

from typing import Any


class Problem(Exception):
    """A request that can't be done as asked. `extra` goes into the answer beside the standard members."""

    status = 500
    title = "Something went wrong"

    def __init__(self, code: str, detail: str, *, errors: dict[str, list[str]] | None = None, **extra: Any):
        super().__init__(detail)
        self.code, self.detail, self.errors, self.extra = code, detail, errors, extra


class Invalid(Problem):
    status = 422
    title = "That doesn't fit"


class Malformed(Problem):
    status = 400
    title = "That can't be read"


class SignInNeeded(Problem):
    status = 401
    title = "Please sign in"


class PaymentRequired(Problem):
    status = 402
    title = "Nothing left for now"


class Forbidden(Problem):
    status = 403
    title = "Not allowed"


class NotFound(Problem):
    status = 404
    title = "Not found"


class Conflict(Problem):
    status = 409
    title = "Not in this state"


class Gone(Problem):
    status = 410
    title = "No longer there"


class TooLarge(Problem):
    status = 413
    title = "Too large"


class TooMany(Problem):
    status = 429
    title = "Too many requests"

    def __init__(self, code: str, detail: str, *, retry_after_s: int, **extra: Any):
        super().__init__(code, detail, **extra)
        self.retry_after_s = retry_after_s
