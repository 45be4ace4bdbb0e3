# Every target makes the virtual environment first if it has to; the logic is in scripts/.
PYTHON ?= python3
PORT ?= 8000
YEAR ?=
ARGS ?=
IN_RUNTIME = $(PYTHON) scripts/bootstrap.py runtime
IN_DEV = $(PYTHON) scripts/bootstrap.py dev

.DEFAULT_GOAL := help
.PHONY: help run report test test-fast lint format bench lock clean

help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

run: ## the site on this machine with demonstration data, until Ctrl-C (PORT=8000)
	@$(IN_RUNTIME) run --port "$(PORT)"

report: ## the annual report, both editions, through a real worker (YEAR=2020-21)
	@$(IN_RUNTIME) report --year "$(YEAR)"

test: ## everything that is checked: lint, types, tests on SQLite and on PostgreSQL with Redis
	@$(IN_DEV) test full $(ARGS)

test-fast: ## lint and the quick tests on SQLite, a minute or two
	@$(IN_DEV) test fast $(ARGS)

lint: ## lint, format, templates, types and migrations, without tests
	@$(IN_DEV) test lint

format: ## put right what a machine can: imports, format, templates
	@$(IN_DEV) format

bench: ## the benchmark on a PostgreSQL of its own
	@$(IN_DEV) bench $(ARGS)

lock: ## write requirements/*.txt from pyproject.toml (ARGS=--upgrade for newer versions)
	@$(IN_DEV) lock $(ARGS)

clean: ## remove the virtual environment and caches; keeps var/, which holds your data
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
