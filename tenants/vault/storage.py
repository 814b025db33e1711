"""Where sealed bytes lie: a local folder by default, an S3-compatible store by URL. Neither ever sees plaintext.

A path is `<tenant>/<project>/<object>.<version>`, so that a listing, a bill or a leaked path names no content.
"""

import os
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO, Final, Protocol
from urllib.parse import urlsplit

from django.conf import settings

from kernel.errors import NotFound

_CHUNK: Final = 1 << 20


class Store(Protocol):
    """Sealed bytes by path."""

    def write(self, path: str, chunks: Iterable[bytes]) -> int:
        """Write a new blob whole, or not at all; return its size."""

    def open(self, path: str) -> BinaryIO:
        """Return the blob as a seekable file with a descriptor. Raises NotFound."""

    def remove(self, path: str) -> None:
        """Remove a blob; may be repeated."""

    def paths(self, prefix: str) -> Iterator[tuple[str, float]]:
        """Yield path and time of writing (seconds since 1970) of each blob under a prefix."""


class FolderStore:
    """Blobs as files under one folder; a file appears under its name only when it is whole and synced."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, path: str, chunks: Iterable[bytes]) -> int:
        target = self.root / path
        self._make_folder(target.parent)
        draft = target.with_name(f".{target.name}.part")
        size = 0
        try:
            with draft.open("wb") as out:
                for chunk in chunks:
                    size += out.write(chunk)
                out.flush()
                os.fsync(out.fileno())
            draft.replace(target)
            _sync(target.parent)
        finally:
            draft.unlink(missing_ok=True)
        return size

    def _make_folder(self, folder: Path) -> None:
        """Make a folder and those above it, each named durably in the one above before anything lies in it."""
        if folder.is_dir():
            return
        self._make_folder(folder.parent)
        folder.mkdir(exist_ok=True, mode=0o700)
        _sync(folder.parent)

    def open(self, path: str) -> BinaryIO:
        try:
            return (self.root / path).open("rb")
        except FileNotFoundError:
            raise NotFound("object.no_blob") from None

    def remove(self, path: str) -> None:
        (self.root / path).unlink(missing_ok=True)

    def paths(self, prefix: str) -> Iterator[tuple[str, float]]:
        for found in sorted((self.root / prefix).rglob("*")):
            if found.is_file():
                yield found.relative_to(self.root).as_posix(), found.stat().st_mtime


class S3Store:
    """Blobs in a bucket: `s3://bucket/prefix?endpoint=https://…`; credentials by the usual AWS variables."""

    def __init__(self, url: str, client: Any = None) -> None:
        split = urlsplit(url)
        options = dict(pair.split("=", 1) for pair in split.query.split("&") if "=" in pair)
        self.bucket, self.prefix = split.netloc, split.path.strip("/")
        self.client = client or _s3(options.get("endpoint"))

    def write(self, path: str, chunks: Iterable[bytes]) -> int:
        body = b"".join(chunks)
        self.client.put_object(Bucket=self.bucket, Key=self._key(path), Body=body, IfNoneMatch="*")
        return len(body)

    def open(self, path: str) -> BinaryIO:
        try:
            found = self.client.get_object(Bucket=self.bucket, Key=self._key(path))
        except self.client.exceptions.NoSuchKey:
            raise NotFound("object.no_blob") from None
        # Engines take files by descriptor; what lies here is sealed as it lay in the bucket.
        file = os.fdopen(os.memfd_create("sealed"), "w+b")
        for chunk in found["Body"].iter_chunks(_CHUNK):
            file.write(chunk)
        file.seek(0)
        return file

    def remove(self, path: str) -> None:
        self.client.delete_object(Bucket=self.bucket, Key=self._key(path))

    def paths(self, prefix: str) -> Iterator[tuple[str, float]]:
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=self._key(prefix))
        for page in pages:
            for found in page.get("Contents", []):
                yield found["Key"].removeprefix(f"{self.prefix}/").lstrip("/"), found["LastModified"].timestamp()

    def _key(self, path: str) -> str:
        return f"{self.prefix}/{path}" if self.prefix else path


def _sync(folder: Path) -> None:
    """Make what was renamed into a folder outlive a crash."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@cache
def store() -> Store:
    """Return this process's store."""
    if settings.OBJECT_STORE_URL:
        return S3Store(settings.OBJECT_STORE_URL)
    return FolderStore(Path(settings.OBJECT_STORE_ROOT))


def _s3(endpoint: str | None) -> Any:
    import boto3  # noqa: PLC0415  # only an installation with a bucket needs it

    return boto3.client("s3", endpoint_url=endpoint)
