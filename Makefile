# `make` or `make help` lists what there is. GNU make and Python 3.11 or newer suffice.

PYTHON ?= python3
VENV   ?= .venv
OUT    ?= out/tongliang
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --quiet --disable-pip-version-check

# What the location models are compared with stays out of the environment they are developed in.
PEERS_VENV := .venv-peers

# Stamps: an installation is repeated only when pyproject.toml has changed since.
RUN_STAMP := $(VENV)/.installed-run
DEV_STAMP := $(VENV)/.installed-dev
PEERS_STAMP := $(PEERS_VENV)/.installed-peers

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test test-all bench bench-location bench-scoring peers check clean

help:  ## list these commands
	@echo "resalloc: regional health plans, from clause to report"
	@echo
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1|\2/p' $(firstword $(MAKEFILE_LIST)) | \
	    while IFS='|' read -r name what; do printf '%-23s%s\n' "$$name" "$$what"; done
	@echo
	@echo "Another Python: make PYTHON=python3.12 demo. What is installed goes to $(VENV)/ only."

demo: $(RUN_STAMP)  ## solve the bundled district, write out/tongliang/report.html
	@$(BIN)/resalloc solve tongliang --out $(OUT)

check: $(DEV_STAMP)  ## style, types and layers, without the tests
	@$(BIN)/python -m ruff check .
	@$(BIN)/python -m ruff format --check .
	@$(BIN)/python -m mypy
	@$(BIN)/lint-imports --no-logo

test: check  ## check, then all tests but the slow ones
	@$(BIN)/python -m pytest -q -m "not slow"

test-all: check  ## check, then every test
	@$(BIN)/python -m pytest -q

bench: $(DEV_STAMP)  ## time reading, compiling, solving and scoring
	@$(BIN)/python -m benchmarks

bench-location: $(DEV_STAMP)  ## time the location models at full size (up to two hours)
	@$(BIN)/python -m benchmarks.location

bench-scoring: $(DEV_STAMP)  ## time the scoring of scenarios, tables and products (about three minutes)
	@$(BIN)/python -m benchmarks.scoring

peers: $(PEERS_STAMP)  ## compare the location models with spopt and SciPy (up to an hour)
	@$(PEERS_VENV)/bin/python -m benchmarks.peers

clean:  ## remove the environments, the caches and out/
	@rm -rf $(VENV) $(PEERS_VENV) out build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	@find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null 2>&1 || { \
	    echo "resalloc needs Python 3.11 or newer, and '$(PYTHON)' is not on this machine." >&2; \
	    echo "Install it (https://www.python.org/downloads), or name yours: make PYTHON=/path/to/python3.12 demo" >&2; \
	    exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "resalloc needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) --version 2>&1)." >&2; \
	    echo "If a newer one is installed, name it: make PYTHON=python3.12 demo" >&2; \
	    exit 1; }
	@echo "Creating $(VENV) with $$($(PYTHON) --version 2>&1) ..."
	@$(PYTHON) -m venv $(VENV) || { \
	    rm -rf $(VENV); \
	    echo "The environment $(VENV) could not be created; the reason is above." >&2; \
	    echo "On Debian and Ubuntu the module is a package of its own: sudo apt-get install python3-venv" >&2; \
	    exit 1; }

$(RUN_STAMP): pyproject.toml | $(BIN)/python
	@echo "Installing resalloc into $(VENV) (once; a few minutes on a slow line) ..."
	@$(PIP) install --editable .
	@touch $@

$(DEV_STAMP): pyproject.toml | $(BIN)/python
	@echo "Installing resalloc and its development tools into $(VENV) (once) ..."
	@$(PIP) install --editable '.[test,dev]'
	@touch $(RUN_STAMP) $@

$(PEERS_STAMP): pyproject.toml | $(BIN)/python
	@echo "Installing resalloc and what it is compared with into $(PEERS_VENV) (once) ..."
	@test -x $(PEERS_VENV)/bin/python || $(BIN)/python -m venv $(PEERS_VENV)
	@$(PEERS_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[peers]'
	@touch $@
