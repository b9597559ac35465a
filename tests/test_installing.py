"""What is installed, from where, and what is said of it meanwhile."""

from pathlib import Path

import pytest

from script.installing import sources, stamps
from script.serving.worker_packages import Progress


def test_a_changed_requirements_file_is_installed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = tmp_path / "web.txt"
    wanted.write_text("django==5.2.19\n")
    monkeypatch.setattr(stamps, "VENV", tmp_path)
    monkeypatch.setattr(stamps, "SETS", {"web": [wanted]})
    stamps.mark_installed("web")
    assert stamps.is_installed("web")
    wanted.write_text("django==5.2.20\n")
    assert not stamps.is_installed("web")


def test_installing_a_set_also_installs_the_sets_within_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stamps, "VENV", tmp_path)
    stamps.mark_installed("worker")
    assert [stamps.is_installed(name) for name in ("web", "worker", "test")] == [True, True, False]


def test_uv_looks_where_pip_would() -> None:
    settings = {"find-links": ["/wheels", "https://wheels.example"], "index-url": ["https://mirror.example"]}
    assert sources.uv_sources(settings) == [
        "--find-links=/wheels",
        "--find-links=https://wheels.example",
        "--default-index=https://mirror.example",
    ]


def test_a_cpu_wheel_at_hand_is_taken_without_asking_an_index(tmp_path: Path) -> None:
    (tmp_path / f"torch-2.13.0+cpu-{sources.PYTHON_TAG}-{sources.PYTHON_TAG}-linux_x86_64.whl").touch()
    assert sources.torch_source({"find-links": [str(tmp_path)]}, is_uv=True) == []


@pytest.mark.parametrize(
    "lines",
    [
        [
            "Downloading torch (180.5MiB)",
            "Downloading scipy (33.7MiB)",
            " Downloaded torch",
            "Prepared 36 packages",
        ],
        [
            "Collecting torch",
            "  Downloading torch-2.13.0-cp311.whl (180.5 MB)",
            "Installing collected packages: torch",
        ],
    ],
    ids=["uv", "pip"],
)
def test_progress_is_read_from_what_the_installer_says(lines: list[str]) -> None:
    progress = Progress("installing", "Looking up")
    seen = [progress := progress.after(line) for line in lines]
    assert any("torch (180.5" in known.detail for known in seen)
    assert (progress.detail, progress.done) == ("Unpacking", progress.of)
