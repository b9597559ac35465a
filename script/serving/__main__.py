"""The story of a start, from an empty folder to a site that serves until it is told to stop."""

import asyncio
import contextlib
import fcntl
import os
import signal
import sys
import time
from pathlib import Path

from script.installing.packages import InstallFailed, install
from script.places import ROOT, VENV, VENV_PYTHON, data_dir
from script.serving import database, embedded_redis
from script.serving.ports import chosen_port
from script.serving.site import Site
from script.serving.terminal import StartRefused, say
from script.serving.worker_packages import WorkerPackages


def main() -> None:
    began = float(os.environ.setdefault("BEATSIGHT_START_BEGAN", str(time.time())))
    port = chosen_port()
    install("web", _say_progress)
    if Path(sys.prefix).resolve() != VENV.resolve():
        os.execv(VENV_PYTHON, [str(VENV_PYTHON), "-m", "script.serving", *sys.argv[1:]])
    folder = data_dir()
    (folder / "logs").mkdir(exist_ok=True)
    with _only_server_of(folder):
        asyncio.run(_serve(port, folder, began))


def _say_progress(line: str) -> None:
    """What the installer does, without its list of everything it installed."""
    if line and not line.startswith((" ", "Requirement already satisfied")):
        say(line, "packages")


@contextlib.contextmanager
def _only_server_of(folder: Path):
    with open(folder / "server.lock", "a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise StartRefused(
                f"It already runs from {folder} ({lock.read().strip()}).\n"
                "Use that one, or start a second with its own BEATSIGHT_DATA_DIR and PORT."
            ) from None
        lock.truncate(0)
        lock.write(f"process {os.getpid()}")
        lock.flush()
        yield


async def _serve(port: int, folder: Path, began: float) -> None:
    told_to_stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, told_to_stop.set)

    socket_path = None if os.environ.get("REDIS_URL") else embedded_redis.prepare_socket(folder)
    environment = _environment(folder, socket_path)
    site = Site(port, folder, environment)
    packages = WorkerPackages(folder, environment, site.undertaker)
    rising = asyncio.create_task(_rise(site, packages, socket_path, folder, environment, began))
    stopping = asyncio.create_task(told_to_stop.wait())
    await asyncio.wait([rising, stopping], return_when=asyncio.FIRST_COMPLETED)
    failure = rising.exception() if rising.done() else None
    if failure is None:
        await stopping

    say("stopping")
    packages.stop()
    for task in (rising, stopping):
        task.cancel()
    await asyncio.gather(rising, stopping, return_exceptions=True)
    await site.stop()
    say("stopped; nothing is left running")
    if failure:
        raise StartRefused(str(failure)) from failure


async def _rise(
    site: Site,
    packages: WorkerPackages,
    socket_path: Path | None,
    folder: Path,
    environment: dict[str, str],
    began: float,
) -> None:
    if socket_path is not None:
        await site.start_redis(socket_path)
    password = await asyncio.to_thread(database.prepare, environment, folder)
    await site.start_web()
    say("")
    say(f"BeatSight serves at {site.address}   ({time.time() - began:.0f} s after the start)")
    if password:
        say(f"sign in as {database.DEMO_EMAIL} with {password}")
    say(f"database, sounds and logs: {folder}   Ctrl-C stops everything")
    say("")
    await site.start_light_workers()
    if await packages.arrive():
        await site.start_gpu_worker()


def _environment(folder: Path, socket_path: Path | None) -> dict[str, str]:
    """What every child is told; all else passes through from the person's own environment."""
    told = {
        "BEATSIGHT_DATA_DIR": str(folder),
        "PATH": f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}",
        "PYTHONPATH": str(ROOT),
    }
    if socket_path is not None:
        told["BEATSIGHT_REDIS_SOCKET"] = str(socket_path)
    return {"DJANGO_SETTINGS_MODULE": "beatsight.settings.dev", **os.environ, **told}


if __name__ == "__main__":
    try:
        main()
    except StartRefused as refusal:
        sys.exit(f"\nBeatSight did not start. {refusal}")
    except InstallFailed as failure:
        sys.exit(
            "\nBeatSight did not start. The web's packages could not be installed; most often the network or "
            f"a proxy is in the way. The installer's last words:\n{failure}"
        )
