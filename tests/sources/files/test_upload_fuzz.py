"""A short run of `python -m tests.upload_fuzz`, whose long one is a command."""

from __future__ import annotations

import re
import subprocess
import sys

CASES = 80


def test_no_damaged_upload_takes_too_long_or_too_much_or_fails_without_a_sentence() -> None:
    # In a process of its own: the memory of the tests before it would count for the children it forks.
    command = [sys.executable, "-m", "tests.upload_fuzz", "--cases", str(CASES), "--seed", "7"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(rf"\b{CASES}\b", done.stdout), done.stdout
