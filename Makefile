# Set-up, serving and every check. Needs make and Python 3.11 or newer with its venv module; uv is used where it works.
#
#   make run          set up what is missing and serve the API       HOST=127.0.0.1 PORT=8000
#   make test         set up what is missing and run every check     PYTEST_ARGS="-k tequila"
#   make help         the other targets

VENV ?= .venv
HOST ?= 127.0.0.1
PORT ?= 8000
UV ?= uv
PYTEST_ARGS ?=
# Each worker begins with a part of its own, file by file, and takes of what others have left.
SPREAD := -n auto --dist worksteal
# Python for a new venv. Empty: the newest of these that is 3.11 or newer and can make one.
PYTHON ?=
PYTHONS := $(or $(PYTHON),python3.13 python3.12 python3.11 python3)

BIN := $(VENV)/bin
# uv may be a name on the path that does not run (a pyenv shim), so it is asked.
HAVE_UV := $(if $(UV),$(shell $(UV) --version >/dev/null 2>&1 && echo yes))
# A venv holds its own path and leans on one Python: moved, or its Python gone or too old, it is made again.
SOUND := grep -qsF "$(abspath $(VENV))" $(BIN)/activate && \
	$(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
AGAIN := $(if $(shell $(SOUND) && echo yes),,again)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install install-spark install-m run test test-quick benchmark-bulk fuzz lint format coverage lock check-lock wheel sbom audit contract clean again

help:
	@echo "make run         serve the API on http://$(HOST):$(PORT)  (HOST=, PORT=)"
	@echo "make test        every check: lint, types, import contracts, all tests  (PYTEST_ARGS=)"
	@echo "make test-quick  the tests alone, without the slow ones"
	@echo "make fuzz        generated requests against a running server, new ones each time  (GALEON_FUZZ=300)"
	@echo "make lint        ruff, mypy and the import contracts"
	@echo "make format      let ruff rewrite the files"
	@echo "make coverage    all tests, with the lines they do not reach"
	@echo "make install     $(VENV) with everything, for development"
	@echo "make benchmark-bulk  rows per second of files, against other ways  (BENCHMARK_ARGS=--quick)"
	@echo "make install-spark  Spark beside it (400 MB; needs Java 17), for its tests"
	@echo "make install-m   Microsoft's parser of M, for the test of the Power Query function (needs npm)"
	@echo "make lock        write requirements*.txt from setup.cfg (needs uv; UPGRADE=1 for newer versions)"
	@echo "make check-lock  whether requirements*.txt fit setup.cfg (needs uv)"
	@echo "make wheel       the wheel and the source archive of the last commit, reproducible, into dist/"
	@echo "make sbom        dist/galeon.cdx.json: what a server is made of (CycloneDX)"
	@echo "make audit       known vulnerabilities of the locked packages, where the lists can be had"
	@echo "make contract    what the API breaks of its last release (docs/contract/)"
	@echo "make clean       remove the venv, caches and build folders"

install: $(VENV)/.stamp-dev

install-spark: $(VENV)/.stamp-dev
	$(call install_locked,requirements-spark.txt)

install-m:
	@npm ci --prefix tests/office/m --no-fund --no-audit --silent

run: $(VENV)/.stamp-run
	@exec $(BIN)/galeon serve --host $(HOST) --port $(PORT)

test: lint
	@echo "== pytest"
	@$(BIN)/python -m pytest -q $(SPREAD) --durations=25 $(PYTEST_ARGS)

test-quick: $(VENV)/.stamp-dev
	@echo "== pytest (quick), $$($(BIN)/python -V)"
	@$(CLOCK) $(BIN)/python -m pytest -q $(SPREAD) --durations=10 -m "not slow" $(PYTEST_ARGS)

fuzz: $(VENV)/.stamp-dev
	@GALEON_FUZZ=$${GALEON_FUZZ:-300} $(BIN)/python -m pytest -q tests/api/test_fuzzing.py $(PYTEST_ARGS)

benchmark-bulk: $(VENV)/.stamp-dev
	@$(BIN)/python -m benchmarks.bulk $(BENCHMARK_ARGS)

lint: $(VENV)/.stamp-dev
	@echo "== ruff check"
	@$(BIN)/ruff check --quiet --output-format=concise .
	@echo "== ruff format --check"
	@$(BIN)/ruff format --quiet --check . || { echo "Not formatted as ruff does it: run 'make format'." >&2; exit 1; }
	@echo "== mypy"
	@$(BIN)/mypy
	@echo "== import contracts"
	@$(BIN)/lint-imports --no-logo

format: $(VENV)/.stamp-dev
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/ruff format .

coverage: $(VENV)/.stamp-dev
	@$(BIN)/coverage erase
	@$(BIN)/coverage run -m pytest -q $(SPREAD) $(PYTEST_ARGS)
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage report

# The set-up. The development stamp stands for the run-time one too, since its lock file is a superset with equal versions.

$(VENV)/.stamp-run: requirements.txt setup.cfg pyproject.toml $(AGAIN)
	$(call install_locked,requirements.txt)
	@touch $@

$(VENV)/.stamp-dev: requirements-dev.txt setup.cfg pyproject.toml $(AGAIN)
	$(call install_locked,requirements-dev.txt)
	@touch $(VENV)/.stamp-run $@

again:

define install_locked
	@if $(SOUND); then :; \
	elif [ -e $(VENV) ] && [ ! -e $(VENV)/pyvenv.cfg ]; then \
		echo "$(VENV) exists and is not a venv: move it away, or name another with VENV=" >&2; exit 1; \
	else \
		found=; unable=; \
		for python in $(PYTHONS); do \
			"$$python" -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
			if [ -n "$(HAVE_UV)" ] || "$$python" -c 'import ensurepip' 2>/dev/null; then found=$$python; break; fi; \
			unable="$$unable $$python"; \
		done; \
		if [ -z "$$found" ] && [ -n "$$unable" ]; then \
			echo "$${unable# } cannot make a venv: the part that Debian and Ubuntu ship apart is missing. Install it with" >&2; \
			echo "    apt install python3-venv" >&2; \
			echo "(for a Python that is not the system's own: its package pythonX.Y-venv)." >&2; exit 1; \
		elif [ -z "$$found" ]; then \
			echo "No Python 3.11 or newer among: $(PYTHONS). Install one (Debian 12 and newer: apt install python3-venv)" >&2; \
			echo "or name it: make PYTHON=/path/to/python3" >&2; exit 1; \
		fi; \
		echo "Making $(VENV) with $$("$$found" -V)"; \
		"$$found" -m venv --clear $(if $(HAVE_UV),--without-pip) $(VENV); \
	fi
	@if [ -n "$(HAVE_UV)" ]; then \
		echo "Installing $(1) with uv"; \
		$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r $(1) && \
		$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .; \
	else \
		echo "Installing $(1) with pip (about half a minute)"; \
		{ $(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip >/dev/null; } && \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1) && \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .; \
	fi
endef

# The lock files: one for every Python from 3.11 on, hashes and no addresses. The run-time file, and that of a server with
# PostgreSQL and Redis (deploy/) and that of Spark, take the versions of the development one. setuptools is locked too (by the same range as in
# pyproject.toml), so that `pip install -e .` downloads nothing.

LOCKS = requirements.txt requirements-dev.txt requirements-server.txt requirements-spark.txt
COMPILE = sed -n 's/^requires = \["\(.*\)"\]/\1/p' pyproject.toml | $(UV) pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" $(if $(UPGRADE),--upgrade) setup.cfg -

lock:
	@[ -n "$(HAVE_UV)" ] || { echo "make lock needs uv: pip install uv" >&2; exit 1; }
	@$(COMPILE) --extra test --extra mcp --extra postgres --extra redis --output-file requirements-dev.txt >/dev/null
	@$(COMPILE) --constraint requirements-dev.txt --output-file requirements.txt >/dev/null
	@$(COMPILE) --constraint requirements-dev.txt --extra mcp --extra postgres --extra redis --output-file requirements-server.txt >/dev/null
	@$(COMPILE) --constraint requirements-dev.txt --extra spark --output-file requirements-spark.txt >/dev/null
	@! grep -nE '://|^-' $(LOCKS) || { echo "A lock file names an address." >&2; exit 1; }
	@wc -l $(LOCKS)

check-lock:
	@dir=$$(mktemp -d) && trap 'rm -rf "$$dir"' EXIT && \
	cp Makefile pyproject.toml setup.cfg $(LOCKS) "$$dir"/ && $(MAKE) -s -C "$$dir" lock UPGRADE= >/dev/null && \
	for each in $(LOCKS); do cmp "$$each" "$$dir/$$each" || exit 1; done && \
	echo "The lock files fit setup.cfg: $(LOCKS)"

wheel: $(VENV)/.stamp-dev
	@$(BIN)/python release/build_release.py

sbom: $(VENV)/.stamp-dev
	@$(BIN)/python release/make_sbom.py

audit: $(VENV)/.stamp-dev
	@$(BIN)/python release/audit.py

contract: $(VENV)/.stamp-dev
	@$(BIN)/galeon openapi docs/openapi.json
	@$(BIN)/python -m tests.contract_changes "$$(ls docs/contract/*.json | sort -V | tail -n 1)" docs/openapi.json \
		&& echo "Nothing of the last release's contract is broken."

clean:
	rm -rf $(VENV) .venv-py3* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage .coverage.* build dist *.egg-info
	find . -name __pycache__ -type d -not -path './.venv*' -prune -exec rm -rf {} +
