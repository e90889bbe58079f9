# The two commands a newcomer needs: `make run` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export FLASK_APP := wsgi
export PURNA_DATA ?= $(CURDIR)/data
PORT ?= 8000
export PORT

.PHONY: run setup setup-tests test lint bench soak nation rolling cluster cluster-down cluster-check pins clean

run: setup ## set up, migrate, load demo data when empty, serve with the sender
	@$(BIN)/flask migrate
	@if [ "$$PURNA_ENV" != production ]; then $(BIN)/flask demo --if-empty; fi
	@$(BIN)/flask up

setup: $(VENV)/.server ## install what a server needs

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.server: requirements.txt | $(VENV)/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

setup-tests: $(VENV)/.tests ## install what the tests need, the system's Chromium too where it can
	@tests/install_system_packages.sh

$(VENV)/.tests: tests/requirements.txt $(VENV)/.server
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r tests/requirements.txt
	@touch $@

test: setup-tests lint ## everything, on SQLite and on PostgreSQL, browser tests included
	$(BIN)/python -m tests.run

lint: $(VENV)/.tests
	$(BIN)/ruff check .

bench: setup-tests ## weights and speeds against their bars
	$(BIN)/python -m bench

soak: setup-tests ## the fault tests in full, on one machine and on a whole site
	$(BIN)/python -m bench.soak
	@tests/install_system_packages.sh cluster
	$(BIN)/python -m bench.soak.site --asynchronous
	$(BIN)/python -m bench.soak.site

nation: setup-tests ## a minute of a month's end among 1.000.000 workers, which are made once
	@tests/install_system_packages.sh cluster
	@$(BIN)/python -m bench.nation

rolling: setup-tests ## a new release for the cluster, under 50 requests a second
	@tests/install_system_packages.sh cluster
	@$(BIN)/python -m bench.rolling

cluster: $(VENV)/.tests ## a whole small site on loopback, in the shape of a large one
	@tests/install_system_packages.sh cluster
	@$(BIN)/python -m deploy.cluster up

cluster-down: $(VENV)/.tests ## end it, and nothing else
	@$(BIN)/python -m deploy.cluster down

cluster-check: setup-tests ## the journeys in the browser, against the cluster that runs
	@$(BIN)/python -m deploy.check

pins: $(VENV)/.tests ## compile the pinned requirements from pyproject.toml
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile -q --generate-hashes --no-header pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile -q --generate-hashes --no-header --extra test pyproject.toml -c requirements.txt -o tests/requirements.txt

clean: ## remove what was set up here; data/ stays
	rm -rf $(VENV) .pytest_cache .ruff_cache .hypothesis
