"""The local folder's side of its own tickets: one PUT, and GETs in ranges as a browser's player wants them."""

import mimetypes
import re
from typing import Any, BinaryIO

from django.core import signing
from django.core.cache import cache
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from ..errors import Conflict, Forbidden, Invalid, TooLarge
from ..http import problems
from . import storage
from .local import GET_SALT, PUT_SALT, LocalStorage


@csrf_exempt  # the ticket itself says who may
@require_http_methods(["PUT"])
def put(request: HttpRequest, ticket: str) -> HttpResponse:
    """Take the file that the ticket was made for: its size and its type, once."""
    try:
        _put(request, _read(ticket, PUT_SALT))
    except (Forbidden, Conflict, Invalid, TooLarge) as refusal:
        return problems.as_json(request, refusal.status, refusal.title, refusal.detail, refusal.code)
    return HttpResponse(status=200)


def _put(request: HttpRequest, promise: dict[str, Any]) -> None:
    length = request.headers.get("Content-Length", "")
    if not length.isdigit():
        raise Invalid("length_required", "Send the file with its Content-Length.")
    if int(length) > promise["size"]:
        raise TooLarge(
            "larger_than_announced", "The file is larger than was announced. Announce its real size."
        )
    if int(length) < promise["size"]:
        raise Invalid(
            "smaller_than_announced",
            "The file is smaller than was announced. Announce its real size.",
        )
    if request.headers.get("Content-Type", "") != promise["type"]:
        raise Forbidden("other_type", f"This address takes {promise['type']} only.")
    ticket = f"ticket:{promise['once']}"
    if not cache.add(ticket, "used", timeout=promise["for_s"] + 60):
        raise Conflict("ticket_used", "A file was sent to this address before. Start a new upload.")
    try:
        _local().put_stream(promise["key"], request)  # type: ignore[arg-type]
    except OSError:
        cache.delete(ticket)  # our fault, such as a full disk: the sender may try again
        raise


@require_safe
def get(request: HttpRequest, ticket: str) -> HttpResponseBase:
    """Give the file, or the range of it that was asked for."""
    try:
        promise = _read(ticket, GET_SALT)
    except Forbidden as refusal:
        return problems.as_json(request, refusal.status, refusal.title, refusal.detail, refusal.code)
    try:
        stream = _local().open(promise["key"])
    except FileNotFoundError:
        raise Http404 from None
    kind = promise["type"] or mimetypes.guess_type(promise["key"])[0] or "application/octet-stream"
    return _ranged(request, stream, _local().size(promise["key"]) or 0, kind, promise["name"])


def _ranged(request: HttpRequest, stream: BinaryIO, size: int, kind: str, filename: str) -> HttpResponseBase:
    # No file has more than 18 digits of bytes, and Python refuses to read numbers of thousands.
    wanted = re.fullmatch(r"bytes=(\d{0,18})-(\d{0,18})", request.headers.get("Range", ""), re.ASCII)
    start, end = 0, size - 1
    if wanted and any(wanted.groups()):
        first, last = wanted.groups()
        start = int(first) if first else max(0, size - int(last))
        end = min(int(last), end) if first and last else end
        if start > end:
            stream.close()
            return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
        stream.seek(start)
        response: HttpResponseBase = FileResponse(
            _Part(stream, end - start + 1), status=206, content_type=kind
        )
        response["Content-Range"] = f"bytes {start}-{end}/{size}"
    else:
        response = FileResponse(stream, content_type=kind, as_attachment=bool(filename), filename=filename)
    response["Content-Length"] = str(end - start + 1)
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = "private, max-age=3600"
    return response


class _Part:
    """The next `length` bytes of a stream, as a file of their own."""

    def __init__(self, stream: BinaryIO, length: int):
        self.stream, self.left = stream, length

    def read(self, amount: int = -1) -> bytes:
        data = self.stream.read(self.left if amount < 0 else min(amount, self.left))
        self.left -= len(data)
        return data

    def close(self) -> None:
        self.stream.close()


def _local() -> LocalStorage:
    place = storage()
    if not isinstance(place, LocalStorage):
        raise Http404  # files lie on S3, which answers for itself
    return place


def _read(ticket: str, salt: str) -> dict[str, Any]:
    try:
        promise = signing.loads(ticket, salt=salt)
        return signing.loads(ticket, salt=salt, max_age=promise["for_s"])
    except signing.SignatureExpired:
        raise Forbidden("ticket_expired", "This address is no longer valid. Ask for a new one.") from None
    except signing.BadSignature:
        raise Forbidden("ticket_invalid", "This address was not given out here.") from None
