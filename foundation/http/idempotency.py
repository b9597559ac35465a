"""`Idempotency-Key`: a request that comes twice happens once.

The kept answer and what the request changed are committed together: a process killed in the middle leaves neither,
and of two equal requests at once the second waits for the first one's row.
"""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

import orjson
from django.db import IntegrityError, transaction
from rest_framework.request import Request
from rest_framework.response import Response

from ..errors import Invalid, Malformed
from ..models import KeptAnswer


def idempotent(handler: Callable[..., Response]) -> Callable[..., Response]:
    """For an API view's method that creates; only a signed-in person's or guest's requests are kept."""

    @wraps(handler)
    def wrapped(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get("Idempotency-Key", "")
        if not key or not request.user.is_authenticated:
            return handler(view, request, *args, **kwargs)
        if len(key) > 200:
            raise Malformed("idempotency_key_too_long", "An Idempotency-Key has at most 200 characters.")
        digest = _digest(request)
        try:
            with transaction.atomic():
                kept = KeptAnswer.objects.create(person=request.user, key=key, request_digest=digest)
                response = handler(view, request, *args, **kwargs)
                kept.status, kept.body = (
                    response.status_code,
                    orjson.loads(orjson.dumps(response.data, default=str)),
                )
                kept.save(update_fields=["status", "body"])
                return response
        except IntegrityError:
            kept_before = KeptAnswer.objects.filter(person=request.user, key=key).first()
            if kept_before is None:
                raise  # another rule of the database was broken, not this one
        if kept_before.request_digest != digest:
            raise Invalid("idempotency_key_reused", "This key was used for another request. Take a new one.")
        return Response(kept_before.body, kept_before.status, headers={"Idempotency-Replayed": "true"})

    return wrapped


def _digest(request: Request) -> str:
    # request.data was parsed from the body, which can be read only once
    content = orjson.dumps(
        [request.method, request.path, request.data], option=orjson.OPT_SORT_KEYS, default=str
    )
    return hashlib.sha256(content).hexdigest()
