# The portal's commands. `make run` and `make test` need nothing but Python 3.11 to 3.13 and make.
# Every recipe that matters is one program without a shell between: make's signals then reach it.

VENV_PYTHON := .venv/bin/python
PYTHON ?= $(or $(wildcard $(VENV_PYTHON)),python3)
# Real legislative files beside the checkout, for the demonstration (LEGISLATURE_DATA= leaves them out).
LEGISLATURE_DATA ?= $(wildcard ../shared/data)
# Settings as in production, for the checks that must see what production sees; none of it connects anywhere.
LIKE_PRODUCTION := env PORTAL_MODE=production SECRET_KEY=only-checks-read-this-0123456789-0123456789-0123456789-abcdef \
	SITE_URL=https://portal.example.org ALLOWED_HOSTS=portal.example.org \
	DATABASE_URL=postgresql://nobody@127.0.0.1:1/none REDIS_URL=redis://127.0.0.1:1/0 \
	DEFAULT_FROM_EMAIL=portal@example.org EMAIL_HOST=mail.example.org
COMPILE := $(VENV_PYTHON) -m uv pip compile -q pyproject.toml --universal --python-version 3.11 \
	--generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links

.DEFAULT_GOAL := help
.PHONY: help install run test lint lint-code lint-types lint-templates lint-floors lint-django lock bench faults manage clean reset

help: ## list these commands
	@sed -n 's/^\([a-z][a-z-]*\):[^#]*## \(.*\)/  make \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 16

install: ## install what the locks name (the others do it by themselves)
	@$(PYTHON) -IS portal/embedded/install.py

run: install ## the whole portal on this machine until Ctrl-C (WEB_PORT=8000, DEMO_SIZE=800)
	@env LEGISLATURE_DATA=$(abspath $(LEGISLATURE_DATA)) $(VENV_PYTHON) -m portal.embedded run --stop-with-parent

test: install ## every test, with its own PostgreSQL, Redis and Chromium (ARGS="-k join")
	@$(VENV_PYTHON) -m portal.embedded browser
	$(VENV_PYTHON) -m pytest -n 2 $(ARGS)

lint: lint-code lint-types lint-templates lint-floors lint-django ## every check that needs no database

lint-code: install
	$(VENV_PYTHON) -m ruff check .
	$(VENV_PYTHON) -m ruff format --check .

lint-types: install
	env PORTAL_MODE=test $(VENV_PYTHON) -m mypy

lint-templates: install
	$(VENV_PYTHON) -m djlint --lint --quiet templates

lint-floors: install
	.venv/bin/lint-imports

lint-django: install
	@echo 'manage.py makemigrations --check'
	@$(LIKE_PRODUCTION) $(VENV_PYTHON) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	@echo 'manage.py check --deploy'
	@$(LIKE_PRODUCTION) $(VENV_PYTHON) manage.py check --deploy --fail-level WARNING

lock: install ## make the locks in requirements/ anew from pyproject.toml (UPGRADE=1 for newer versions)
	$(COMPILE) $(if $(UPGRADE),--upgrade) -o requirements/production.txt
	$(COMPILE) $(if $(UPGRADE),--upgrade) --extra embedded --extra development -o requirements/development.txt

bench: install ## measure what the README states (ONLY=name for one)
	$(VENV_PYTHON) -m bench $(if $(ONLY),--only $(ONLY))

faults: install ## break things on purpose with real processes and see that nothing is lost
	$(VENV_PYTHON) -m bench.faults

manage: install ## a Django command in the running portal: make manage DO=shell
	@$(VENV_PYTHON) -m portal.embedded manage $(DO)

clean: ## delete caches and what can be made anew; data and .venv stay
	rm -rf .pytest_cache .ruff_cache .mypy_cache .import_linter_cache .hypothesis var/static var/static.fingerprint
	find . -name __pycache__ -type d -not -path './.venv/*' -not -path './node_modules/*' -prune -exec rm -rf {} +

reset: install ## delete the embedded portal's data: database, mail, uploads
	@$(VENV_PYTHON) -m portal.embedded reset
