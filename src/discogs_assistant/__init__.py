"""Recommendations and proven-best shopping carts for record collectors on Discogs."""

import os

# The engines share their work among threads themselves. Beside them, on a busy machine, the threads of linear
# algebra wait for each other: to solve 128 equations took 5 ms in place of 0.1. NumPy reads this when it is
# imported, so that it is set before anything imports it.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
