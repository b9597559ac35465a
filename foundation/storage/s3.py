"""S3, or whatever speaks it, at the address that the environment names."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import boto3
from botocore.client import Config
from botocore.exceptions import ClientError
from django.conf import settings

from .base import PutTicket

#: A signed address is all the leave that there is, no cookie goes with it, so any page may use one.
BROWSERS_MAY = {
    "CORSRules": [
        {
            "AllowedOrigins": ["*"],
            "AllowedMethods": ["GET", "HEAD", "PUT"],
            "AllowedHeaders": ["*"],
            "ExposeHeaders": ["ETag", "Content-Length", "Content-Range"],
            "MaxAgeSeconds": 3600,
        }
    ]
}


class S3Storage:
    def __init__(self) -> None:
        self.bucket = settings.S3_BUCKET
        self.client = _client(settings.S3_ENDPOINT_URL)
        # Signatures cover the host, so what a browser uses is signed for the address that a browser sees.
        self.public = _client(settings.S3_PUBLIC_URL)

    def prepare(self) -> str:
        try:
            self.client.head_bucket(Bucket=self.bucket)
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] != 404:
                raise
            self.client.create_bucket(Bucket=self.bucket)
        try:
            self.client.put_bucket_cors(Bucket=self.bucket, CORSConfiguration=BROWSERS_MAY)
        except ClientError as error:
            code = error.response["Error"].get("Code", "")
            return f"The bucket {self.bucket} is there; its rules for browsers are the server's own ({code})."
        return f"The bucket {self.bucket} is there, and browsers may use its signed addresses."

    def presign_put(self, key: str, size: int, content_type: str, expires_s: int) -> PutTicket:
        what = {"Bucket": self.bucket, "Key": key, "ContentLength": size, "ContentType": content_type}
        url = self.public.generate_presigned_url("put_object", what, ExpiresIn=expires_s, HttpMethod="PUT")
        # A browser sends Content-Length by itself and may not be told to.
        return PutTicket("PUT", url, {"Content-Type": content_type})

    def presign_get(self, key: str, expires_s: int, filename: str = "", content_type: str = "") -> str:
        what = {"Bucket": self.bucket, "Key": key}
        if filename:
            what["ResponseContentDisposition"] = f'attachment; filename="{filename}"'
        if content_type:
            what["ResponseContentType"] = content_type
        return self.public.generate_presigned_url("get_object", what, ExpiresIn=expires_s)

    def size(self, key: str) -> int | None:
        try:
            return self.client.head_object(Bucket=self.bucket, Key=key)["ContentLength"]
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
                return None
            raise

    def open(self, key: str) -> BinaryIO:
        spool: Any = tempfile.SpooledTemporaryFile(max_size=4 * 1024 * 1024)  # noqa: SIM115 (the caller closes it)
        self._copy(key, spool)
        spool.seek(0)
        return spool

    def download(self, key: str, path: Path) -> None:
        with path.open("wb") as file:
            self._copy(key, file)

    def _copy(self, key: str, target: Any) -> None:
        # One plain GET: boto's own download asks for ranges beyond the end, which not every server forgives.
        try:
            body = self.client.get_object(Bucket=self.bucket, Key=key)["Body"]
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
                raise FileNotFoundError(str(error)) from error
            raise
        with body:
            shutil.copyfileobj(body, target, 1024 * 1024)

    def put_file(self, key: str, path: Path, content_type: str) -> None:
        self.client.upload_file(str(path), self.bucket, key, ExtraArgs={"ContentType": content_type})

    def put_bytes(self, key: str, content: bytes, content_type: str) -> None:
        self.client.put_object(Bucket=self.bucket, Key=key, Body=content, ContentType=content_type)

    def delete(self, key: str) -> None:
        self.client.delete_object(Bucket=self.bucket, Key=key)

    def keys(self, prefix: str) -> Iterator[str]:
        for page in self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix):
            yield from (entry["Key"] for entry in page.get("Contents", ()))


def _client(address: str) -> Any:
    return boto3.client(
        "s3",
        endpoint_url=address,
        region_name=settings.S3_REGION,
        aws_access_key_id=settings.S3_ACCESS_KEY_ID,
        aws_secret_access_key=settings.S3_SECRET_ACCESS_KEY,
        config=Config(
            signature_version="s3v4",
            s3={"addressing_style": "path"},
            # Checksums in trailers are not spoken by every server that speaks S3.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    )
