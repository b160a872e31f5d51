# `make run` and `make test` are all one needs; both may be repeated at will.
SHELL := /bin/bash
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8501
BIN := .venv/bin
# The tests' databases live in memory where there is room: every save waits for its disk, and there are thousands.
SCRATCH := $(shell test -w /dev/shm && echo /dev/shm || echo $${TMPDIR:-/tmp})

.DEFAULT_GOAL := help
.PHONY: help run test suite tools lint types fix docs backup restore close verify smoke bench bench-check precision burst submit-rush visitors first-visit icons reference-week screenshots migration

help: ## This list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.venv/run: requirements.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/dev: requirements.txt requirements-dev.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@ .venv/run

run: .venv/run ## Install, migrate, put the demo into an empty database, serve (HOST, PORT)
	@exec $(BIN)/uvicorn app:app --host $(HOST) --port $(PORT) --no-access-log --ws websockets-sansio

# The tests begin beside mypy, which can use one core only.
test: .venv/dev tools lint ## Everything CI runs: lint, types, tests on SQLite and PostgreSQL, browser
	@$(MAKE) --no-print-directory -j 2 types suite

# Three workers on two cores: the browser tests mostly wait.
suite: .venv/dev ## The tests alone, without lint and types
	@TMPDIR=$(SCRATCH) $(BIN)/pytest -n 3

tools: ## Debian's chromium, PostgreSQL, nginx and CJK fonts, where this user may install packages
	@bash tests/tools.sh

lint: .venv/dev ## ruff
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: .venv/dev ## mypy, strict
	@$(BIN)/mypy

fix: .venv/dev ## Format and mend what ruff can mend
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

docs: .venv/dev ## Print the generated pages: docs/permissions.md
	@$(BIN)/python -m services.access > docs/permissions.md

close: .venv/run ## Close the weeks that are due, now (the running app does it every ten minutes)
	@$(BIN)/python -m ui.closer

verify: .venv/run ## Check the audit trail's hash chains
	@$(BIN)/python -m services.audit verify

smoke: .venv/run ## Recount every figure of the Overview in hand-written SQL; exits with 1 on a difference
	@$(BIN)/python -m recount

backup: .venv/run ## A consistent copy while people work, into var/backups
	@$(BIN)/python -m models.backup save

restore: .venv/run ## make restore FILE=var/backups/….zip
	@$(BIN)/python -m models.backup restore "$(FILE)"

migration: .venv/dev ## make migration NAME="what changes"
	@$(BIN)/alembic revision --autogenerate --rev-id $$(printf '%04d' $$(( $$(ls models/migrations/versions/[0-9]*.py | wc -l) + 1 ))) -m "$(NAME)"

screenshots: .venv/dev tools ## Write the README's pictures, in both languages
	@SCREENSHOTS=1 $(BIN)/pytest -q tests/browser/test_screenshots.py

reference-week: .venv/dev tools ## What a village's week costs on a phone; exits with 1 past a bar
	@COMPARE=1 $(BIN)/pytest -q -s tests/browser/test_reference_week.py

precision: .venv/dev ## How many of the offers on the weekly log are right, on the demo's history
	@$(BIN)/python -m tests.benchmarks.precision

burst: .venv/dev ## Fifty villages save at once for two minutes (SECONDS), on SQLite and PostgreSQL; keys are counted
	@$(BIN)/python -m tests.durability.burst $(or $(SECONDS),120)

submit-rush: .venv/dev ## 200 villages submit a week at once, on both databases; one save against bare SQLAlchemy; 1 past a bar
	@$(BIN)/python -m tests.durability.burst rush; rush=$$?; $(BIN)/python -m tests.benchmarks.writes && exit $$rush

visitors: .venv/dev ## 200 people at once for two minutes (SECONDS), and what the server keeps of them; 1 past a bar
	@$(BIN)/python -m tests.benchmarks.visitors $(or $(SECONDS),120)

first-visit: .venv/dev tools ## Bytes, requests and seconds until a phone on a slow link can be used; 1 past a bar
	@$(BIN)/python -m tests.browser.first_visit

icons: .venv/dev ## Cut the icon font to the icons that are named; after a new one, or a new Streamlit
	@$(BIN)/python -m tests.icons

bench: .venv/dev ## Ratios (docs/benchmarks.md): our pages to bare ones, queries to raw SQL, much data to little; ten minutes
	@$(BIN)/python -m tests.benchmarks

bench-check: .venv/dev ## The same; exits with 1 when a ratio is past its bar
	@$(BIN)/python -m tests.benchmarks --check
