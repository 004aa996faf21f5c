# demo and test do all the set-up: Python 3.11 or later, git and make are enough.

PYTHON := $(or $(PYTHON),$(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo $$python; break; fi; done))

.DEFAULT_GOAL := help
.PHONY: help python setup demo test check bench lock wheel clean

help:
	@echo "make demo     set up everything, load an invented force, serve, print the address and the sign-ins"
	@echo "make test     set up everything, run the tests"
	@echo "make check    lint, types, imports, docs"
	@echo "make bench    the benchmarks"
	@echo "make setup    only the set-up, for work on the code; PART=demo for less"
	@echo "make lock     compile requirements/ anew from pyproject.toml"
	@echo "make wheel    build the wheel, with the assets in it, into dist/"
	@echo "make clean    remove what was built; .venv and node_modules too"

python:
	@if [ -z "$(PYTHON)" ]; then \
		echo "No Python 3.11 or later was found. Install one, or name it: make PYTHON=/path/to/python3.11 ..." >&2; \
		exit 1; fi

setup: python
	@$(PYTHON) make/set_up.py $(or $(PART),check)

demo: python
	@$(PYTHON) make/set_up.py demo
	@.venv/bin/tearmann demo $(ARGS)

test: python
	@$(PYTHON) make/set_up.py test
	@.venv/bin/python make/run_tests.py $(ARGS)

check: python
	@$(PYTHON) make/set_up.py check
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/python -m docs.generate --check

bench: python
	@$(PYTHON) make/set_up.py test
	@.venv/bin/python make/run_benchmarks.py $(ARGS)

lock: python
	@$(PYTHON) make/set_up.py check
	@.venv/bin/python make/lock.py $(ARGS)

wheel: python
	@$(PYTHON) make/set_up.py demo
	.venv/bin/python -m hatchling build --target wheel

clean:
	rm -rf .venv node_modules dist .build tearmann/web/static/tearmann tearmann/web/collected
