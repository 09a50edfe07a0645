# Two commands: `make up` shows landbank, `make test` checks it. Each may be repeated at any time.
.DEFAULT_GOAL := help
.PHONY: help up setup test lint types imports web-checks provider pytest bench lock build system browser web clean

PYTHON := .venv/bin/python
PIP := $(PYTHON) -m pip --disable-pip-version-check install --quiet
# One more than there are cores: many tests wait for a server, a browser or a process that was killed.
JOBS ?= $(shell echo $$(( $$(getconf _NPROCESSORS_ONLN) + 1 )))
PORT ?=
ARGS ?=
UPGRADE ?=

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

up: setup ## Install what is missing, start landbank with a demo inventory, print the map's address (PORT=8080)
	@$(PYTHON) -m landbank up $(if $(PORT),--port $(PORT)) $(ARGS)

setup: system .venv/.landbank web ## PostgreSQL with PostGIS, the environment in .venv and the web assets

test: setup .venv/.dev browser provider lint web-checks pytest ## Everything that is checked: format, types, contracts, tests

lint: .venv/.dev ## Format, lint, types and import contracts
	@$(PYTHON) -m ruff format --check --quiet . || { $(PYTHON) -m ruff format --diff . ; exit 1; }
	@$(PYTHON) -m ruff check --quiet .
	@$(PYTHON) -m mypy
	@.venv/bin/lint-imports

web-checks: .venv/.dev web
	@$(PYTHON) scripts/npm.py run check
	@$(PYTHON) scripts/npm.py test

# npm writes the file that is looked at.
provider: tests/provider/node_modules/.package-lock.json ## Install the OpenID Connect provider of the tests

tests/provider/node_modules/.package-lock.json: tests/provider/package-lock.json .venv/.dev
	@echo "Installing the sign-in service of the tests …"
	@$(PYTHON) scripts/npm.py --in tests/provider ci
	@touch $@

pytest: .venv/.dev .venv/.landbank
	@$(PYTHON) -m pytest -q -n $(JOBS) --dist loadfile $(ARGS)

bench: setup .venv/.dev ## Import, tiles and matching against their limits (ARGS=tiles for one)
	@scripts/install-system bench
	@$(PYTHON) -m benchmarks $(ARGS)

lock: .venv/.dev ## Compile the locked requirements again (UPGRADE=1 takes newer versions)
	@$(PYTHON) scripts/lock.py $(if $(UPGRADE),--upgrade)

build: .venv/.dev web ## Build the wheel and the source archive into dist/
	@.venv/bin/hatchling build

system:
	@scripts/install-system database

browser:
	@scripts/install-system browser

.venv/.created: scripts/make-environment
	@scripts/make-environment .venv
	@touch $@

.venv/.runtime: requirements/runtime.txt requirements/build.txt .venv/.created
	@echo "Installing the locked packages …"
	@$(PIP) --require-hashes -r requirements/runtime.txt -r requirements/build.txt
	@touch $@

.venv/.dev: requirements/dev.txt .venv/.runtime
	@echo "Installing what the tests need …"
	@$(PIP) --require-hashes -r requirements/dev.txt
	@touch $@

.venv/.landbank: pyproject.toml hatch_build.py .venv/.runtime | web
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

# Looked at each time: it takes a tenth of a second when nothing changed.
web: .venv/.runtime
	@$(PYTHON) hatch_build.py --needs-node-package || $(PIP) --require-hashes -r requirements/node.txt
	@$(PYTHON) hatch_build.py

clean: ## Remove what was built and the environment; the inventory stays
	rm -rf .venv build dist tests/provider/node_modules web/node_modules web/static/vendor .mypy_cache .ruff_cache .pytest_cache
