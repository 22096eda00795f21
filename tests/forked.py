"""Processes of tests, forked from one that has loaded the product already.

Each process of tests has one server that they are forked from, started by the first that needs it, so the
modules that it loads are named in one place.
"""

from __future__ import annotations

import multiprocessing

FORKED = multiprocessing.get_context("forkserver")
FORKED.set_forkserver_preload(["tests.forked_preload"])
