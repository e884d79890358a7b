# Sparklink. `make run` starts it, `make test` checks all of it, `make help` lists the rest.
# Nothing needs to be prepared: the first `make` prepares .venv by .ci/setup; later ones start at once.

BIN := .venv/bin
SETUP := .ci/setup .ci/system.sh pyproject.toml
PYTEST_ARGS ?=
# A process per core, each with a server, a PostgreSQL and a browser of its own; tests/support/workers.py shares the tests out.
WORKERS := -n logical --maxprocesses 8 --no-loadscope-reorder

.DEFAULT_GOAL := help
.PHONY: help run demo test check lint format coverage trust messages pictures lock build hooks clean other-python

help:  ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo '  PYTHON=python3.12 with any of them chooses the Python of .venv'

run: .venv/.ready-run  ## Start Sparklink with demo data at http://127.0.0.1:8000 (Ctrl-C stops it)
	@exec $(BIN)/sparklink serve --demo

demo: .venv/.ready-run  ## Show it to others: the demo for the phones in this network, by https (Ctrl-C stops it)
	@exec $(BIN)/sparklink demo --lan

test: lint  ## Check style, types and layers, then run every test (PYTEST_ARGS="-k approve" for some)
	@exec $(BIN)/python -m pytest $(WORKERS) $(PYTEST_ARGS)

check: lint  ## Check style, types and layers, then run the quick tests, without a browser: under two minutes
	@exec $(BIN)/python -m pytest $(WORKERS) -m "not browser and not slow" $(PYTEST_ARGS)

lint: .venv/.ready-test  ## Check style, types, layers, spelling, and what the documents link to
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell
	$(BIN)/python -m pytest -q tests/project/test_documents.py

format: .venv/.ready-test  ## Rewrite the code in the project's style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

coverage: .venv/.ready-test  ## Run every test without a browser, show which lines they miss, and fail below the floor
	@exec $(BIN)/python -m pytest $(WORKERS) -m "not browser" --cov --cov-report=term:skip-covered $(PYTEST_ARGS)

trust: .venv/.ready-test  ## Run what takes long: 20,000 damaged pictures, and a server killed 150 times while it approves
	$(BIN)/python -m benchmarks.scanner.fuzz --files 20000
	SPARKLINK_KILL_ROUNDS=10 $(BIN)/python -m pytest tests/server/database/test_durability.py

messages: .venv/.ready-test  ## Bring the catalogues up to date with the sentences in code and templates
	@for side in shared server mobile_app; do \
		$(BIN)/python -m babel.messages.frontend -q extract -F pyproject.toml -k Message -k require_admin:4 --no-location --sort-output -o $$side/locales/new.pot $$side && \
		for code in es id ar; do \
			$(BIN)/python -m babel.messages.frontend -q update -i $$side/locales/new.pot -o $$side/locales/$$code.po -l $$code \
				--init-missing --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date -w 120 && \
			$(BIN)/python -m babel.messages.frontend -q compile -i $$side/locales/$$code.po -o $$side/locales/$$code.mo -l $$code || exit 1; \
		done; rm $$side/locales/new.pot; \
	done

pictures: .venv/.ready-test  ## Take the pictures of every screen anew, into docs/pictures
	SPARKLINK_PICTURES=docs/pictures $(BIN)/python -m pytest tests/journeys/test_screens.py tests/journeys/test_messages.py \
		tests/journeys/test_no_camera.py tests/journeys/test_languages.py -k "not console_in_arabic" -q

lock:  ## Write the lock files anew from pyproject.toml (needs uv)
	@command -v uv >/dev/null || { echo 'make lock needs uv: pip install uv' >&2; exit 1; }
	uv pip compile pyproject.toml --extra server --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-annotate -o requirements.lock
	uv pip compile pyproject.toml --extra server --extra dev --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-annotate -c requirements.lock -o requirements-dev.lock

build: .venv/.ready-test  ## Build the source archive and the wheel into dist/
	$(BIN)/python -m build --no-isolation

hooks: .venv/.ready-test  ## Check style, types and spelling before each commit (installs hooks with pre-commit)
	@command -v pre-commit >/dev/null || { echo 'make hooks needs pre-commit: pip install pre-commit' >&2; exit 1; }
	pre-commit install

clean:  ## Remove .venv, caches and what tests left (never data/)
	rm -rf .venv build dist *.egg-info .coverage* .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis test-artifacts
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.ready-run: requirements.lock $(SETUP)
	@.ci/setup run

.venv/.ready-test: requirements-dev.lock $(SETUP)
	@.ci/setup test

# Another Python than that of .venv was asked for: .ci/setup makes .venv anew.
ifdef PYTHON
ifneq ($(shell $(PYTHON) --version 2>&1),$(shell $(BIN)/python --version 2>&1))
.venv/.ready-run .venv/.ready-test: other-python
other-python:
endif
endif
