# Two commands are enough: `make demo` and `make test`. Each installs what it needs into .venv.

PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed

.PHONY: help demo test prove lint states docs tour lock clean

help: ## Show the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 12

$(STAMP): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Samvik needs Python 3.11 or newer.") if sys.version_info < (3, 11) else None'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	touch $@

demo: $(STAMP) ## Tell the whole story with three engines, then keep their pages open (ONCE=1: stop after the story)
	$(BIN)/samvik demo $(if $(ONCE),--once)

test: $(STAMP) lint ## Everything but the long proofs
	$(BIN)/python -m pytest -n auto --dist worksteal

lint: $(STAMP) ## Style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

prove: $(STAMP) ## Long proofs, each with a count and a seed
	$(BIN)/python -m pytest -m "proof and not alone" -n 2 --dist loadfile tests/proofs
	$(BIN)/python -m pytest -m "proof and alone" tests/proofs

states: $(STAMP) ## Draw the state machines into docs/states.md
	$(BIN)/python -m adapters.tools.draw_states

docs: states ## Write what docs/ takes from the code: states, commands, keys of the files, bounds
	$(BIN)/python -m adapters.tools.describe_commands
	$(BIN)/python -m adapters.tools.describe_settings
	$(BIN)/python -m adapters.tools.describe_bounds

tour: $(STAMP) ## Write docs/tour.md from traces of the running engine
	$(BIN)/python -m tests.tour

lock: ## Pin every dependency anew (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --extra dev --no-annotate --no-header \
		--no-emit-index-url --output-file requirements.lock pyproject.toml

clean: ## Remove the environment and what tools left
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
