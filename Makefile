# Each target is one line to type. `make demo` is the place to start; `make help` lists them.

VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed node_modules/.installed

# Everything that is installed or made lies in the project. The variables keep tools from asking the network
# for news, and jsii from warning about the end of Node 20's life.
export CHECKPOINT_DISABLE := 1
export JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION := 20
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help setup tools demo demo-destroy test campaign browser-test quick lint generate constraints bench docs clean
.DEFAULT_GOAL := help

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | awk -F'|' '{ printf "make %-14s %s\n", $$1, $$2 }'

setup: tools $(INSTALLED) ## install everything into the project: .venv and node_modules

demo: setup ## create an export to every destination on the embedded emulator, with real Terraform
	@$(BIN)/python -m tools.demo

demo-destroy: setup ## destroy what the demo created
	@$(BIN)/python -m tools.demo --destroy

test: setup lint ## everything: lint, then all tests
	$(BIN)/python -m pytest -n 2 --dist worksteal

APPLIES ?= 1000
MINUTES ?= 60
MESSAGES ?= 30000
REQUESTS ?= 50000
SEED ?= 1
campaign: setup ## random applies with faults, then random messages to the plugin and to the emulator: APPLIES=1000 MINUTES=60 SEED=1, or ONLY=<scenario>
	@$(BIN)/python -m tests.campaign --applies $(APPLIES) --minutes $(MINUTES) --seed $(SEED) $(if $(ONLY),--only $(ONLY))
ifndef ONLY
	@$(BIN)/python -m tests.fuzz.protocol --messages $(MESSAGES) --seed $(SEED)
	@$(BIN)/python -m tests.fuzz.emulator --requests $(REQUESTS) --seed $(SEED)
endif

browser-test: setup $(VENV)/.browser ## the emulator's page in headless Chromium, with pictures in .screenshots
	@tools/chromium.sh check
	$(BIN)/python -m pytest tests/browser

quick: setup ## the unit tests without the thorough ones, in less than a minute
	$(BIN)/python -m pytest -n 2 -m "not thorough" tests/unit tests/architecture

lint: setup ## style, types, arrows between the packages, unsafe calls, generated files
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/bandit --quiet --configfile pyproject.toml --recursive provider_shim constructs_lib flow_emulator tools
	$(BIN)/python -m tools.generate --check

generate: setup ## make the committed files that are made: protobuf modules, L1 constructs, reference pages
	$(BIN)/python -m tools.generate

docs: generate ## the reference pages are among the generated files

bench: setup ## start-up and planning beside a toy provider, the emulator with much stored
	$(BIN)/python -m tools.bench

constraints: tools ## renew constraints.txt from what the package index has today
	tools/renew_constraints.sh

clean: ## remove what was installed or made
	rm -rf $(VENV) node_modules .demo .screenshots cdktf.out .gen build dist
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

tools:
	@tools/toolchain.sh check

$(VENV)/.installed: pyproject.toml constraints.txt
	@test -x $(BIN)/python || "$$(tools/toolchain.sh python)" -m venv $(VENV)
	@echo "Installing Python packages into $(VENV) ..."
	@$(BIN)/python -m pip install -qq --constraint constraints.txt --editable '.[dev]'
	@touch $@

$(VENV)/.browser: $(VENV)/.installed
	@$(BIN)/python -m pip install -qq --constraint constraints.txt --editable '.[browser]'
	@touch $@

node_modules/.installed: package.json package-lock.json
	@echo "Installing the CDKTF command line into node_modules ..."
	@npm ci --loglevel=error
	@touch $@
