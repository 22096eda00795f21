"""Processes of tests, forked from one that has loaded the product already.

The server that they are forked from is one for a process of tests, whoever starts it first, so that what it
loads is said in one place.
"""

from __future__ import annotations

import multiprocessing

FORKED = multiprocessing.get_context("forkserver")
FORKED.set_forkserver_preload(["tests.forked_preload"])
