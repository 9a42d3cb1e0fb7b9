# Two commands do everything: `make demo` and `make test`.
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check
PYTHON ?= python3
PYTEST := $(PY) -m pytest
BOTH := -n 2 --dist loadfile
EXCHANGE ?= --port 8080 --days 30 --announcements 200
QUESTION ?= How did Dhruvtara Aero do in Q1 FY26 against the same quarter last year?

.PHONY: help setup setup-dev demo test test-slow check bench fake-exchange docs lock sample clean
.DEFAULT_GOAL := help

help: ## What each command does
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(VENV)/.ready ## A virtual environment with dexter in it (.venv/bin/dexter)

setup-dev: $(VENV)/.ready-dev

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.ready: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(PIP) install --quiet --require-hashes -r requirements.lock
	$(PIP) install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.ready-dev: $(VENV)/.ready requirements-dev.lock
	$(PIP) install --quiet --require-hashes -r requirements-dev.lock
	@touch $@

demo: setup ## Answer a question on the bundled sample market, no key needed
	@$(VENV)/bin/dexter ask "$(QUESTION)" --sample --model offline

test: setup-dev ## Set up and run the tests
	$(PYTEST) -m "not slow" $(BOTH)

test-slow: setup-dev ## The tests that take minutes
	$(PYTEST) -m slow

check: setup-dev ## Lint, types, import contracts, tests
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(PYTEST) -m "not slow" $(BOTH)

bench: $(VENV)/.ready-bench ## Speed, each figure against its floor or peer in the same run
	$(PY) -m bench

$(VENV)/.ready-bench: $(VENV)/.ready-dev bench/requirements.lock
	$(PYTHON) -m venv $(VENV)/bench
	$(VENV)/bench/bin/python -m pip --disable-pip-version-check install --quiet --require-hashes -r bench/requirements.lock
	@touch $@

fake-exchange: setup-dev ## A stand-in for BSE and NSE on loopback, to try `dexter data sync` on
	$(PY) -m tests.fake_exchange $(EXCHANGE)

docs: setup-dev ## Rewrite the generated pages in docs/ (commands, tools, features, schemas)
	$(PY) -m pipelines.docs

lock: ## Pin the dependencies again (needs uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --extra build -o requirements.lock pyproject.toml
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --extra build --extra dev -o requirements-dev.lock pyproject.toml
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url -o bench/requirements.lock bench/requirements.in

sample: setup-dev ## Generate the fictional sample market afresh (data/sample)
	$(PY) data/generator

clean: ## Remove the virtual environment and caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
