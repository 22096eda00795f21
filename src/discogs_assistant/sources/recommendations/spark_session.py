"""A Spark session with given resources that leaves nothing behind."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from discogs_assistant.errors import BadInputError

_JAVA = 17
_PATIENCE = 60.0
_QUIET = """\
rootLogger.level = error
rootLogger.appenderRef.err.ref = err
appender.err.type = Console
appender.err.name = err
appender.err.target = SYSTEM_ERR
appender.err.layout.type = PatternLayout
appender.err.layout.pattern = %m%n
"""
_MEMORY = re.compile(r"[1-9][0-9]{0,6}[mg]")
_MASTER = re.compile(r"local(\[([1-9][0-9]{0,3}|\*)\])?|(spark|k8s)://\S+|yarn")


@dataclass(frozen=True, slots=True)
class Spark:
    """`master`: local[n] for n cores of this machine, or a cluster's address. `memory`: of the program that
    asks, and of each one that works for it on a cluster, such as 2g."""

    master: str = "local[2]"
    memory: str = "2g"

    @property
    def here(self) -> bool:
        """Whether all of it runs on this machine."""
        return self.master.startswith("local")


@contextmanager
def spark_session(spark: Spark, shared: Path) -> Iterator[tuple[Any, Path]]:
    """A session, and an empty folder inside `shared` that all its machines see; both are gone afterwards.

    `BadInputError` if pyspark or Java is missing, or for an impossible master or memory.
    """
    _check(spark)
    from pyspark.sql import SparkSession

    with tempfile.TemporaryDirectory(prefix="spark-") as own:
        folder = Path(tempfile.mkdtemp(prefix=".spark-", dir=shared))
        session = None
        try:
            builder = SparkSession.builder.appName("discogs-assistant").master(spark.master)
            for key, value in _settings(spark, own).items():
                builder = builder.config(key, value)
            session = builder.getOrCreate()
            yield session, folder
        finally:
            if session is not None:
                _end(session)
            shutil.rmtree(folder, ignore_errors=True)


def _end(session: Any) -> None:
    """Stop Spark, and Java with it, which would outlive its session for as long as this process."""
    from pyspark import SparkContext

    gateway = SparkContext._gateway
    session.stop()
    if gateway is not None:
        gateway.shutdown()
        gateway.proc.stdin.close()
        gateway.proc.wait(_PATIENCE)
        SparkContext._gateway = SparkContext._jvm = None


def _settings(spark: Spark, own: str) -> dict[str, str]:
    quiet = Path(own) / "log4j2.properties"
    quiet.write_text(_QUIET)
    settings = {
        "spark.driver.memory": spark.memory,
        "spark.executor.memory": spark.memory,
        "spark.local.dir": own,
        "spark.sql.warehouse.dir": f"{own}/warehouse",
        "spark.driver.extraJavaOptions": (
            f"-Djava.io.tmpdir={own} -XX:-UsePerfData -Dlog4j2.configurationFile={quiet.as_uri()}"
        ),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    if spark.here:
        loopback = {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
        settings |= {**loopback, "spark.sql.shuffle.partitions": "8"}
    return settings


def _check(spark: Spark) -> None:
    if not _MASTER.fullmatch(spark.master):
        raise BadInputError(
            "--spark-master must be local[n], spark://host:port, k8s://address or yarn.",
            "Without it, Spark uses two cores of this machine.",
            field="spark_master",
        )
    if not _MEMORY.fullmatch(spark.memory):
        raise BadInputError("--spark-memory must be a size such as 2g or 800m.", field="spark_memory")
    missing = {
        "pyspark (install it with: make setup-spark)": find_spec("pyspark") is None,
        f"Java {_JAVA} or newer (apt-get install openjdk-17-jre-headless, or set JAVA_HOME)": _java() < _JAVA,
    }
    if any(missing.values()):
        named = " and ".join(what for what, gone in missing.items() if gone)
        raise BadInputError(f"Learning with Spark needs {named}.", "Or train with --engine local.")


def _java() -> int:
    """The version that Spark would start; 0 where there is none."""
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home) / "bin" / "java") if home else shutil.which("java")
    if java is None or not Path(java).is_file():
        return 0
    printed = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr  # noqa: S603 - JAVA_HOME's
    found = re.search(r'version "([0-9]+)', printed)
    return int(found.group(1)) if found else 0
