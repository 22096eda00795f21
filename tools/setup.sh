#!/usr/bin/env bash
# Creates .venv from a hashed lock file ($1) and installs the project into it; uv has a hashed lock file of its own.
set -euo pipefail
python=${PYTHON:-python3}
lock=$1
uv_lock=$(dirname "$0")/requirements-uv.lock

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || {
    echo "Python 3.11 or newer is needed; '$python' is older or missing. Name another with: make PYTHON=python3.12" >&2
    exit 1
}
if [ ! -x .venv/bin/python ]; then
    "$python" -m venv .venv 2>/dev/null || {
        rm -rf .venv
        echo "Python's venv module is missing. Install it with: apt-get install python3-venv" >&2
        exit 1
    }
fi
# Wheels only: what builds a source package would be installed without a hash.
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --only-binary :all: \
    --require-hashes --requirement "$uv_lock"

# uv does not read pip's settings: pass on the index and the certificates that this machine configured for pip.
index=$(.venv/bin/python -m pip config get global.index-url 2>/dev/null || true)
index=${PIP_INDEX_URL:-$index}
if [ -n "$index" ]; then export UV_DEFAULT_INDEX=${UV_DEFAULT_INDEX:-$index}; fi
export UV_SYSTEM_CERTS=true UV_NATIVE_TLS=true VIRTUAL_ENV=.venv

.venv/bin/uv pip sync --quiet --compile-bytecode --require-hashes "$lock"
.venv/bin/python -m ensurepip --upgrade >/dev/null 2>&1 || true
VIRTUAL_ENV=.venv /usr/bin/env .venv/bin/uv pip install --quiet --no-deps --no-build-isolation --editable .
