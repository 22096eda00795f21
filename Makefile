# Every command a person needs: `make run`, `make test`; `make qa` before each commit.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=
# What one of the tests' processes has compiled, the others and the next run read.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test test-fast long setup setup-dev setup-spark qa check format lint types bench chaos screenshots docs lock clean

run: setup  ## install what it needs and start the product
	$(BIN)/discogs-assistant run $(ARGS)

test: setup-dev  ## install what it needs and run every test that can run on this machine
	$(BIN)/python -m discogs_assistant.bootstrap.kernel_cache
	$(BIN)/python -m pytest -n 3 $(ARGS)

test-fast: setup-dev  ## the unit tests, in under a minute: no servers, browsers or other processes
	$(BIN)/python -m pytest -n 2 -m unit $(ARGS)

setup: $(VENV)/.run  ## create .venv with the console script
setup-dev: $(VENV)/.dev

setup-spark: $(VENV)/.spark  ## as setup-dev, with Spark, which needs Java 17

$(VENV)/.run: requirements.lock pyproject.toml tools/setup.sh tools/requirements-uv.lock
	PYTHON="$(PYTHON)" bash tools/setup.sh requirements.lock
	@touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml tools/setup.sh tools/requirements-uv.lock
	PYTHON="$(PYTHON)" bash tools/setup.sh requirements-dev.lock
	@touch $(VENV)/.run $@

$(VENV)/.spark: requirements-spark.lock pyproject.toml tools/setup.sh tools/requirements-uv.lock
	PYTHON="$(PYTHON)" bash tools/setup.sh requirements-spark.lock
	@touch $(VENV)/.run $(VENV)/.dev $@

long: setup-dev  ## every test, including the slow ones, with all examples
	$(BIN)/python -m discogs_assistant.bootstrap.kernel_cache
	LONG=1 $(BIN)/python -m pytest -n 3 $(ARGS)

check: setup-dev  ## format, lint and types, without changing a file
	$(BIN)/ruff format --check src tests bench
	$(BIN)/ruff check src tests bench
	$(BIN)/mypy

qa: setup-dev  ## format, lint, types, architecture, tests
	$(BIN)/ruff format src tests bench
	$(MAKE) check test ARGS="-q $(ARGS)"

bench: setup-dev  ## one table of measured figures
	$(BIN)/python -m bench $(ARGS)

chaos: setup-dev  ## long runs of kills, storms, requests and load; docs/reliability.md shows the expected figures
	$(BIN)/python -m tests.chaos.kills --kills 165
	$(BIN)/python -m tests.chaos.kills --server --kills 60
	$(BIN)/python -m tests.chaos.storm --runs 1000 --workers 4 --database postgres
	$(BIN)/python -m tests.chaos.storm --runs 1000 --workers 1 --database sqlite --kill-every 10 --lease 8
	$(BIN)/python -m bench requests window
	$(BIN)/python -m bench.online --minutes 30

screenshots: setup-dev  ## write a picture of each page to docs/screenshots
	$(BIN)/python -m tests.e2e.screenshots $(ARGS)

docs: setup-dev  ## update the page that is made from the registry of run kinds
	$(BIN)/python tools/runs_page.py > docs/runs.md

lock: setup-dev  ## update the lock files
	echo uv | $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --upgrade \
		- -o tools/requirements-uv.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --upgrade \
		--extra build pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --upgrade \
		--extra build --extra dev pyproject.toml -o requirements-dev.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -c requirements-dev.lock \
		--extra build --extra dev --extra spark pyproject.toml -o requirements-spark.lock

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache
