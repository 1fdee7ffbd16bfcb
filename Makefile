# The words of this repository. `make` alone lists them.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN    := .venv/bin
READY  := .venv/.ready

.DEFAULT_GOAL := help
.PHONY: help setup run test test-long check format bench lock

help: ## list these words
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(READY) ## build .venv from the hash-locked requirements, with .venv/bin/taktstock

$(READY): requirements-dev.txt pyproject.toml
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' \
		|| { echo "make setup needs Python 3.11; name it: make setup PYTHON=/path/to/python3.11"; exit 1; }
	"$(PYTHON)" -m venv .venv
	$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps \
		--require-hashes --only-binary :all: -r requirements-dev.txt
	$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps \
		--no-build-isolation --no-index --editable .
	@touch $@

run: setup ## start everything on this machine, with a real month of orders to look at
	$(BIN)/taktstock run

test: setup ## run the fast tests
	$(BIN)/pytest -m "not long" -n auto --dist worksteal

test-long: setup ## run the slow tests: soak, crash and concurrency
	$(BIN)/pytest -m long

check: setup ## what CI runs: format, lint, types, import contracts, fast tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -m "not long" -n auto --dist worksteal

format: setup ## format the code and fix what lint can fix
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: setup ## measure the write path and routing on this machine
	$(BIN)/taktstock bench all --quick

lock: setup ## renew the hash-locked requirements from pyproject.toml
	$(BIN)/uv pip compile --quiet --upgrade --generate-hashes --no-emit-index-url --no-header \
		--python-version 3.11 --python-platform x86_64-manylinux_2_28 \
		pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile --quiet --upgrade --generate-hashes --no-emit-index-url --no-header \
		--python-version 3.11 --python-platform x86_64-manylinux_2_28 \
		--constraint requirements.txt --group dev pyproject.toml -o requirements-dev.txt
