"""What an operator copies from `deploy/`: units and image run what they say, and end within their time."""

from __future__ import annotations

import configparser
import hashlib
import json
import os
import re
import shlex
import shutil
import signal
import stat
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.bootstrap.processes import STOPPED_WITHIN, ask, free_port, until_ready
from tests.durations import only_when_long
from tests.pipelines.workers import until

from discogs_assistant.bootstrap.hosted_checks import check_hosted
from discogs_assistant.config import PREFIX, Settings
from discogs_assistant.pipelines.runtime.runner import DRAIN_SECONDS

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
INSTALLED = "/opt/discogs-assistant/"
LIBRARY_JOINS = 20
"""Seconds that the workflow library may take to join its threads once the steps have ended."""
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))


def unit(name: str) -> Mapping[str, Mapping[str, str]]:
    """A unit's sections; of a name that stands twice the last value."""
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(DEPLOY / "systemd" / name)
    return parser


def example() -> dict[str, str]:
    """The settings of the environment file."""
    lines = (DEPLOY / "environment.example").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def given(folder: Path) -> dict[str, str]:
    """The environment that a unit gives, with a database of the test's own."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    mine = {PREFIX + "DATA_DIR": str(folder), PREFIX + "DATABASE_URL": f"sqlite:///{folder / 'a.db'}"}
    return own | example() | mine


def command(name: str, instance: str) -> list[str]:
    """What a unit starts, in this checkout's place of the installation."""
    line = unit(name)["Service"]["ExecStart"].replace("%i", instance)
    program, *rest = shlex.split(line)
    assert program.startswith(INSTALLED)
    here = Path(sys.executable).parent / Path(program).name
    assert (ROOT / program.removeprefix(INSTALLED)).name == here.name, "not installed"
    assert here.exists(), "not installed"
    return [str(here), *rest]


@contextmanager
def started(
    words: list[str], environment: Mapping[str, str], folder: Path
) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(words, env=dict(environment), cwd=folder, stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@only_when_long
@pytest.mark.timeout(200)
def test_the_units_commands_come_up_and_end_in_order_within_their_time(tmp_path: Path) -> None:
    web, worker = "discogs-assistant-web@.service", "discogs-assistant-worker@.service"
    port, environment = free_port(), given(tmp_path)
    with (
        started(command(web, str(port)), environment, tmp_path) as pages,
        started(command(worker, "1"), environment, tmp_path) as work,
    ):
        until_ready(port, workers=1)
        assert ask(port, "/health") == (200, {"alive": True})
        for container, name in ((pages, web), (work, worker)):
            service = unit(name)["Service"]
            container.send_signal(getattr(signal, service["KillSignal"]))
            assert container.wait(int(service["TimeoutStopSec"])) == 0


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_leaves_time_to_drain_and_gives_its_process_little_else(path: Path) -> None:
    service = unit(path.name)["Service"]
    assert int(service["TimeoutStopSec"]) >= DRAIN_SECONDS + LIBRARY_JOINS + 5
    assert int(service["TimeoutStopSec"]) >= STOPPED_WITHIN
    assert service["User"] != "root"
    assert service["NoNewPrivileges"] == "yes"
    assert service["ProtectSystem"] == "strict"
    assert service["CapabilityBoundingSet"] == ""
    assert "MemoryDenyWriteExecute" not in service, "the engines compile their loops"
    assert unit(path.name)["Install"]["WantedBy"] == "discogs-assistant.target"


def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze is not installed")
    for path in (DEPLOY / "systemd").iterdir():
        text = path.read_text(encoding="utf-8")
        for program in re.findall(rf"{INSTALLED}\S+/discogs-assistant", text):
            text = text.replace(program, str(Path(sys.executable).parent / "discogs-assistant"))
        (tmp_path / path.name.replace("@", "@1")).write_text(text, encoding="utf-8")
    units = sorted(map(str, tmp_path.iterdir()))
    verified = subprocess.run([analyze, "verify", *units], capture_output=True, text=True, check=False)
    assert verified.returncode == 0, verified.stderr
    assert "iscogs-assistant" not in verified.stderr, verified.stderr


def test_the_environment_file_has_all_that_hosted_mode_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    assert set(example()) <= known
    for name, value in example().items():
        monkeypatch.setenv(name, value)
    settings = Settings(_env_file=None)  # type: ignore[call-arg]
    assert settings.hosted
    assert settings.database.startswith("postgresql+psycopg://")
    check_hosted(settings)


def instructions() -> list[tuple[str, str]]:
    """The Containerfile's instructions in order."""
    text = re.sub(r"\\\n\s*", " ", (DEPLOY / "Containerfile").read_text(encoding="utf-8"))
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    return [(line.split(" ", 1)[0], line.split(" ", 1)[1]) for line in lines]


def argument(name: str) -> str:
    return next(words for instruction, words in reversed(instructions()) if instruction == name)


FAKE_UV = "#!/bin/sh\ntouch was-run\n"
LOCKED_UV = (ROOT / "tools" / "requirements-uv.lock").read_text(encoding="utf-8")


def wheel_of_uv(folder: Path) -> Path:
    """A wheel that an index could serve in place of the locked uv: its program marks that it was run."""
    version = LOCKED_UV.partition("==")[2].split()[0]
    path, metadata = folder / f"uv-{version}-py3-none-any.whl", f"uv-{version}.dist-info"
    with zipfile.ZipFile(path, "w") as wheel:
        program = zipfile.ZipInfo(f"uv-{version}.data/scripts/uv")
        program.external_attr = (stat.S_IFREG | 0o755) << 16
        wheel.writestr(program, FAKE_UV)
        wheel.writestr(f"{metadata}/METADATA", f"Metadata-Version: 2.1\nName: uv\nVersion: {version}\n")
        wheel.writestr(f"{metadata}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{metadata}/RECORD", "")
    return path


def test_setup_runs_a_uv_whose_hash_is_locked_and_no_other(tmp_path: Path) -> None:
    wheel = wheel_of_uv(tmp_path)
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    shutil.copytree(ROOT / "tools", tmp_path / "tools")
    served = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(tmp_path), "PIP_CONFIG_FILE": os.devnull}

    def set_up(locked: str) -> subprocess.CompletedProcess[str]:
        (tmp_path / "tools" / "requirements-uv.lock").write_text(locked, encoding="utf-8")
        return subprocess.run(
            ["bash", "tools/setup.sh", "requirements.lock"],
            cwd=tmp_path,
            env={**os.environ, **served, "PYTHON": sys.executable},
            capture_output=True,
            text=True,
            check=False,
        )

    other = set_up(LOCKED_UV)
    assert "DO NOT MATCH THE HASHES" in other.stderr
    assert other.returncode != 0
    assert not (tmp_path / "was-run").exists()
    same = set_up(f"{LOCKED_UV.split()[0]} --hash=sha256:{digest}\n")
    assert (same.returncode, "DO NOT MATCH THE HASHES" in same.stderr) == (0, False), same.stderr
    assert (tmp_path / "was-run").exists()


def test_both_stages_of_the_image_begin_with_the_base_that_the_build_names() -> None:
    bases = [words.split()[0] for name, words in instructions() if name == "FROM"]
    assert bases == ["${BASE}", "${BASE}"]
    assert instructions()[0] == ("ARG", "BASE=docker.io/library/python:3.13-slim-trixie")


def test_the_images_files_and_its_install_are_there() -> None:
    copied = [words.split() for name, words in instructions() if name == "COPY" and "--from" not in words]
    assert copied
    for *sources, _ in copied:
        assert sources
        assert [source for source in sources if not (ROOT / source).exists()] == []
    installs = [shlex.split(words) for name, words in instructions() if name == "RUN" and "setup.sh" in words]
    ((_, script, lock),) = installs
    assert (ROOT / script).exists()
    assert "--require-hashes" in (ROOT / script).read_text(encoding="utf-8")
    assert "--hash=sha256:" in (ROOT / lock).read_text(encoding="utf-8")
    everything = {source for *sources, _ in copied for source in sources}
    assert {script.split("/")[0], lock, "pyproject.toml", "src"} <= everything
    assert argument("USER") == "discogs-assistant"
    assert argument("STOPSIGNAL") == "SIGTERM"


@pytest.mark.timeout(150)
def test_the_images_command_comes_up_and_its_health_check_tells_so(tmp_path: Path) -> None:
    port, environment = free_port(), given(tmp_path)
    own = dict(pair.split("=", 1) for pair in shlex.split(argument("ENV")))
    assert {PREFIX + "HOST", PREFIX + "PORT", PREFIX + "DATA_DIR"} <= set(own)
    beside = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    environment |= {"PATH": beside, PREFIX + "PORT": str(port), PREFIX + "HOST": own[PREFIX + "HOST"]}
    words = json.loads(argument("ENTRYPOINT")) + json.loads(argument("CMD"))
    check = json.loads(argument("HEALTHCHECK").partition("CMD ")[2])

    def is_healthy() -> bool:
        return subprocess.run(check, env=environment, capture_output=True, check=False).returncode == 0

    assert not is_healthy()
    with started(words, environment, tmp_path) as process:
        until(lambda: ask(port, "/health")[0] == 200, 90)
        assert is_healthy()
        process.send_signal(getattr(signal, argument("STOPSIGNAL")))
        assert process.wait(STOPPED_WITHIN) == 0
