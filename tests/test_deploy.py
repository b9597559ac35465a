"""The production files, read as far as a machine without Docker can: nothing they name is missing."""

import ast
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
OURS = {"web", "worker-cpu", "worker-gpu", "beat"}

# Read by Django itself or by celery, before any settings.
READ_BEFORE_THE_SETTINGS = {"DJANGO_SETTINGS_MODULE"}


def _names_the_settings_read() -> set[str]:
    """Every name that beatsight/settings asks `environment.py` for."""
    names = set()
    for path in (ROOT / "beatsight" / "settings").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                names.add(node.args[0].value)
    return {name for name in names if isinstance(name, str) and name.isupper()}


def _names_in(example: str) -> set[str]:
    return set(re.findall(r"^([A-Z][A-Z0-9_]*)=", (ROOT / example).read_text(), flags=re.MULTILINE))


def test_every_promised_service_is_there() -> None:
    promised = OURS | {"postgres", "redis", "s3", "clamd", "prometheus", "grafana", "loki"}
    assert promised <= SERVICES.keys()


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_has_a_health_check(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"]


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_waits_only_for_services_that_exist(name: str) -> None:
    assert SERVICES[name].get("depends_on", {}).keys() <= SERVICES.keys()


@pytest.mark.parametrize("name", sorted(OURS))
def test_a_service_of_ours_is_built_from_a_stage_that_exists(name: str) -> None:
    stages = re.findall(r"^FROM \S+ AS (\S+)", DOCKERFILE, flags=re.MULTILINE)
    assert SERVICES[name]["build"]["target"] in stages


@pytest.mark.parametrize("stage", ["web", "worker-cpu", "worker-gpu"])
def test_an_image_does_not_run_as_root(stage: str) -> None:
    _, _, after = DOCKERFILE.partition(f" AS {stage}\n")
    assert "USER beatsight" in after.partition("\nFROM ")[0]


def test_the_web_image_holds_no_torch() -> None:
    _, _, after = DOCKERFILE.partition(" AS web\n")
    assert "--from=web-packages" in after.partition("\nFROM ")[0]


@pytest.mark.parametrize("name", SERVICES)
def test_what_a_service_mounts_exists(name: str) -> None:
    for mount in SERVICES[name].get("volumes", []):
        source = mount.partition(":")[0]
        assert (ROOT / source).exists() if source.startswith(".") else _is_outside(source), mount


def _is_outside(source: str) -> bool:
    return source == "/var/run/docker.sock" or source in COMPOSE["volumes"]


@pytest.mark.parametrize("name", SERVICES)
def test_an_environment_file_has_an_example_to_copy(name: str) -> None:
    examples = {"deploy/beatsight.env": "deploy/env.example", "deploy/peers.env": "deploy/peers.env.example"}
    for path in SERVICES[name].get("env_file", []):
        assert (ROOT / examples[path]).is_file()


def test_every_variable_of_ours_is_one_that_the_settings_read() -> None:
    given = _names_in("deploy/env.example")
    for name in OURS:
        given |= SERVICES[name].get("environment", {}).keys()
    assert given - READ_BEFORE_THE_SETTINGS <= _names_the_settings_read()


def test_every_variable_that_production_must_have_is_in_the_example() -> None:
    production = (ROOT / "beatsight" / "settings" / "prod.py").read_text()
    must_have = set(re.findall(r'env\.text\("([A-Z0-9_]+)"\)', production))
    assert must_have | {"CLAMD_URL", "REDIS_URL"} <= _names_in("deploy/env.example")


def test_every_requirements_file_that_is_named_exists() -> None:
    named = set(
        re.findall(r"requirements/[\w.-]+\.txt", DOCKERFILE + (ROOT / "requirements.txt").read_text())
    )
    assert all((ROOT / path).is_file() for path in named)


def test_every_requirement_is_pinned_as_the_constraints_have_it() -> None:
    pins = _pins(ROOT / "requirements" / "constraints.txt")
    for path in (ROOT / "requirements").glob("*.txt"):
        if path.name not in {"constraints.txt", "installer.txt"}:
            wanted = _pins(path)
            assert wanted == {name: pins.get(name) for name in wanted}, path.name


def _pins(path: Path) -> dict[str, str]:
    lines = [line.partition("#")[0].strip() for line in path.read_text().splitlines()]
    wanted = [line for line in lines if line and not line.startswith("-")]
    pairs = [re.fullmatch(r"([\w.-]+)(?:\[[\w,-]+\])?==(\S+)", line) for line in wanted]
    assert all(pairs), f"{path.name} has a requirement without an exact version"
    return {re.sub(r"[-_.]+", "-", pair[1]).lower(): pair[2] for pair in pairs if pair}


def test_the_alerts_and_the_dashboard_ask_for_metrics_that_the_web_has() -> None:
    import django_prometheus.middleware

    source = Path(django_prometheus.middleware.__file__).read_text()
    asked = (ROOT / "deploy/prometheus/rules.yml").read_text() + _dashboard_queries()
    for metric in set(re.findall(r"\bdjango_\w+", asked)):
        assert re.sub(r"_(bucket|total)$", "", metric).removeprefix("django_") in source, metric


def _dashboard_queries() -> str:
    dashboard = json.loads((ROOT / "deploy/grafana/dashboards/beatsight.json").read_text())
    return "\n".join(target["expr"] for panel in dashboard["panels"] for target in panel["targets"])


def test_the_queues_that_are_watched_are_those_that_are_worked_off() -> None:
    worked_off = set()
    for queues in re.findall(r"--queues=([\w,-]+)", DOCKERFILE):
        worked_off |= set(queues.split(","))
    watched = next(part for part in SERVICES["redis-exporter"]["command"] if "single-keys" in part)
    assert set(watched.partition("=")[2].split(",")) == worked_off


@pytest.mark.parametrize("path", sorted((ROOT / "deploy").rglob("*.yml")), ids=lambda path: path.name)
def test_a_file_of_the_deployment_is_valid_yaml(path: Path) -> None:
    assert yaml.safe_load(path.read_text())


@pytest.mark.skipif(
    shutil.which("promtool") is None and os.environ.get("BEATSIGHT_REQUIRE") != "1",
    reason="promtool is absent: sudo apt-get install prometheus",
)
def test_prometheus_accepts_its_configuration_and_rules() -> None:
    config = ROOT / "deploy" / "prometheus" / "prometheus.yml"
    checked = subprocess.run(["promtool", "check", "config", config], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr
