# The ways to work with Lagesbild. `make` alone lists them.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1

.DEFAULT_GOAL := help
.PHONY: help setup demo dev test test-quick check lint format types contracts migrations translations docs wheel bench constraints clean

help: ## List what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1 \t\2/p' $(MAKEFILE_LIST) | expand -t 24

# A stamp file per kind of set-up: the second time costs nothing until requirements change.
setup: $(VENV)/.ready ## Make .venv with everything that running needs

$(VENV)/.ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Lagesbild needs Python 3.11 or newer; PYTHON=… names one")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --no-compile --editable . --constraint constraints.txt
	@touch $@

$(VENV)/.ready-test: $(VENV)/.ready
	$(BIN)/python -m pip install --quiet --no-compile --editable '.[test]' --constraint constraints.txt
	@touch $@

$(VENV)/.ready-check: $(VENV)/.ready-test
	$(BIN)/python -m pip install --quiet --no-compile --editable '.[test,check]' --constraint constraints.txt
	@touch $@

demo: setup ## Set up the example worlds and serve them at http://127.0.0.1:8000 (PORT= moves it)
	@$(BIN)/python -m tools.translations compile
	$(BIN)/lagesbild demo --port $(PORT)

dev: setup ## The same, with errors shown on the page and reloaded code
	@$(BIN)/python -m tools.translations compile
	$(BIN)/lagesbild demo --no-serve
	@$(BIN)/lagesbild worker & worker=$$!; trap "kill $$worker" EXIT; \
	LAGESBILD_DEBUG=true $(BIN)/python -m django runserver --settings lagesbild.settings 127.0.0.1:$(PORT)

test: $(VENV)/.ready-test ## All tests: on SQLite, then those that touch the database on PostgreSQL
	@$(BIN)/python -m tools.chromium
	$(BIN)/python -m tests.run_both

test-quick: $(VENV)/.ready-test ## Tests without a browser, on SQLite only
	$(BIN)/python -m tests.run_both --only sqlite -m 'not browser'

check: $(VENV)/.ready-check ## Format, lint, types, import contracts, migrations, translations, documentation
	$(BIN)/python -m tools.check

format: $(VENV)/.ready-check ## Put the code in the common form
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

translations: $(VENV)/.ready ## Compile translations; list texts that lack one
	$(BIN)/python -m tools.translations compile
	$(BIN)/python -m tools.translations missing

docs: $(VENV)/.ready ## Write the generated pages: settings, commands
	$(BIN)/python -m tools.documentation write

wheel: $(VENV)/.ready-check ## Build the wheel in dist/ and try it outside the source tree
	$(BIN)/python -m tools.wheel

constraints: ## Pin the versions that are installed now
	$(BIN)/python -m tools.constraints

clean: ## Remove what was made, except .venv
	rm -rf dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find src -name '*.mo' -delete
