"""The peers themselves: a peer that answers wrongly would make every other test worthless."""

import socket

import acoustid
import boto3
import pytest
from botocore.exceptions import ClientError

from tests.acoustid import AcoustIDServer, recording
from tests.peers import EICAR, S3Server


@pytest.mark.s3
def test_the_s3_server_keeps_an_object_for_who_has_the_keys(s3_server: S3Server) -> None:
    client = _s3(s3_server, s3_server.secret_access_key)
    client.put_object(Bucket=s3_server.bucket, Key="peers/one", Body=b"drums")
    assert client.get_object(Bucket=s3_server.bucket, Key="peers/one")["Body"].read() == b"drums"


@pytest.mark.s3
def test_the_s3_server_refuses_a_wrong_secret(s3_server: S3Server) -> None:
    with pytest.raises(ClientError):
        _s3(s3_server, "not-the-secret").put_object(Bucket=s3_server.bucket, Key="peers/two", Body=b"x")


@pytest.mark.clamd
@pytest.mark.parametrize(
    ("data", "answer"),
    [
        pytest.param(EICAR, b"Eicar-Test-Signature", id="the test virus"),
        pytest.param(b"RIFF" + bytes(9000) + EICAR, b"Eicar-Test-Signature-Inside", id="hidden in a song"),
        pytest.param(bytes(9000), b"OK", id="nothing"),
    ],
)
def test_clamd_says_what_it_found(clamd: str, data: bytes, answer: bytes) -> None:
    assert answer in _scan(clamd, data)


def test_acoustid_answers_with_every_recording_of_a_track(acoustid_server: AcoustIDServer) -> None:
    acoustid_server.knows(0.93, recording("r1", "One", "Somebody", 200), recording("r2", "Two", "Other", 240))
    found = list(acoustid.parse_lookup_result(_lookup(acoustid_server)))
    assert found == [(0.93, "r1", "One", "Somebody"), (0.93, "r2", "Two", "Other")]


def test_acoustid_keeps_what_it_was_asked(acoustid_server: AcoustIDServer) -> None:
    _lookup(acoustid_server)
    assert [(form["client"], form["duration"]) for form in acoustid_server.requests] == [("a-key", "201")]


def test_acoustid_refuses_as_the_service_does(acoustid_server: AcoustIDServer) -> None:
    acoustid_server.fails_with(14)
    assert _lookup(acoustid_server) == {
        "status": "error",
        "error": {"code": 14, "message": "rate limit exceeded"},
    }


def _lookup(server: AcoustIDServer) -> dict:
    form = {"client": "a-key", "duration": 201, "fingerprint": "AQAA", "meta": "recordings"}
    return acoustid._api_request(server.url, form, timeout=10)


def _s3(server: S3Server, secret: str):
    return boto3.client(
        "s3",
        endpoint_url=server.url,
        aws_access_key_id=server.access_key_id,
        aws_secret_access_key=secret,
        region_name=server.region,
    )


def _scan(address: str, data: bytes) -> bytes:
    host, port = address.removeprefix("tcp://").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(b"zINSTREAM\0" + len(data).to_bytes(4, "big") + data + bytes(4))
        return connection.recv(4096)
