"""An HTTP server that answers as AcoustID's `/v2/lookup` does (https://acoustid.org/webservice).

It takes the form compressed or plain, knows the fingerprints it was told of, answers in AcoustID's own shapes
with its own error codes, and keeps what it was asked.
"""

import gzip
import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs

# code: (HTTP status, message), as the service documents and sends them.
ERRORS = {
    2: (400, "missing required parameter"),
    3: (400, "invalid fingerprint"),
    4: (400, "invalid API key"),
    5: (500, "internal error"),
    8: (400, "invalid duration"),
    14: (429, "rate limit exceeded"),
}


def recording(mbid: str, title: str, artist: str, duration_s: int) -> dict[str, Any]:
    """One recording as the service lists it."""
    artists = [{"id": f"artist-of-{mbid}", "name": artist}]
    return {"id": mbid, "title": title, "duration": duration_s, "artists": artists}


@dataclass
class AcoustIDServer:
    host: str
    requests: list[dict[str, str]] = field(default_factory=list)
    _results: list[dict[str, Any]] = field(default_factory=list)
    _failure: int | None = None

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self._server.server_address[1]}/v2/lookup"

    def knows(self, score: float, *recordings: dict[str, Any], track: str = "a-track-id") -> None:
        """From now on every lookup also finds this track; several recordings may share its id."""
        self._results.append({"id": track, "score": score, "recordings": list(recordings)})

    def fails_with(self, code: int | None) -> None:
        """From now on every lookup gives an error of `ERRORS`; None ends that."""
        self._failure = code

    def answer(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """Status and body for one lookup."""
        self.requests.append(form)
        failure = self._failure
        if failure is None and (missing := {"client", "duration", "fingerprint"} - form.keys()):
            return 400, _error(2, f'missing required parameter "{min(missing)}"')
        if failure is None and not form["duration"].isdigit():
            failure = 8
        if failure is not None:
            status, message = ERRORS[failure]
            return status, _error(failure, message)
        return 200, {"status": "ok", "results": self._results}

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer((self.host, 0), _handler_for(self))
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def _error(code: int, message: str) -> dict[str, Any]:
    return {"status": "error", "error": {"code": code, "message": message}}


def _handler_for(service: AcoustIDServer) -> type[BaseHTTPRequestHandler]:
    class Lookup(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            form = {key: values[-1] for key, values in parse_qs(body.decode()).items()}
            self._send(*service.answer(form))

        def do_GET(self) -> None:
            query = parse_qs(self.path.partition("?")[2])
            self._send(*service.answer({key: values[-1] for key, values in query.items()}))

        def _send(self, status: int, answer: dict[str, Any]) -> None:
            body = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:
            """Silent: what was asked is in `requests`."""

    return Lookup
