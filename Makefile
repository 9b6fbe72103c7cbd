# Every target works on a bare Debian 12 with Python 3.11 or newer. `make help` lists them.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help setup dev demo serve test test-spark check bench bench-peers manual pictures lock clean

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

PO := src/mimamori/web/locale/en/LC_MESSAGES/django.po

setup: .venv/.installed $(PO:.po=.mo) ## .venv with what the product needs, from the hash-locked requirements

dev: setup .venv/.installed-dev ## the same with what the tests need

demo: setup ## a synthetic city from files to the screen, then serve; make demo ARGS=--no-serve, ARGS="--port 8080"
	$(BIN)/mimamori demo $(ARGS)

serve: setup ## serve what is in ./var
	$(BIN)/mimamori serve $(ARGS)

test: dev ## everything: style, types, rooms, tests on SQLite and PostgreSQL, browser
	tools/test all

test-spark: .venv-spark/.installed ## the levels and 20,000 people linked on DuckDB and on Spark (extra spark; wants Java 17)
	java -version
	.venv-spark/bin/python -m pytest -m spark tests/spark

check: dev ## the inner loop: style, types, rooms and the quick tests
	tools/test quick

bench: dev ## measured figures, as ratios against a peer and a floor
	$(BIN)/python -m benchmarks.intake
	$(BIN)/python -m benchmarks.night
	$(BIN)/python -m benchmarks.linkage
	$(BIN)/python -m benchmarks.screening
	$(BIN)/python -m benchmarks.karte

bench-peers: .venv-peers/.installed ## the linkage beside recordlinkage and Splink on two public data sets (extra peers)
	.venv-peers/bin/python -m benchmarks.public_sets

manual: dev ## docs/sources.md, docs/indicators.md, docs/manual/: from declarations and tasks, its pictures by the browser
	$(BIN)/python -m tools.manual
	rm -f docs/manual/pictures/*.png
	$(BIN)/python -m pytest tests/browser/test_tasks.py --pictures docs/manual/pictures

pictures: dev ## the pictures of the READMEs, taken by the browser test of a worker's way
	$(BIN)/python -m pytest tests/browser -k referral --pictures docs/pictures

# The peers want an older pandas than interpret-core brings, so their lock stands beside the others.
lock: ## resolve the dependencies anew, with hashes and without addresses
	$(BIN)/uv pip compile --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 -q \
		pyproject.toml --extra setup --extra dev -o requirements-dev.lock
	$(BIN)/uv pip compile --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 -q \
		pyproject.toml --extra setup -c requirements-dev.lock -o requirements.lock
	$(BIN)/uv pip compile --universal --generate-hashes --no-emit-index-url --no-header --no-annotate --python-version 3.11 \
		-q pyproject.toml --extra setup --extra dev --extra spark -c requirements-dev.lock -o requirements-spark.lock
	$(BIN)/uv pip compile --universal --generate-hashes --no-emit-index-url --no-header --no-annotate --python-version 3.11 \
		-q pyproject.toml --extra setup --extra peers -o requirements-peers.lock

clean: ## remove .venv and caches; ./var (the data) stays
	rm -rf .venv .venv-spark .venv-peers .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis htmlcov .coverage

.venv/.uv: requirements-uv.lock
	tools/system-packages venv print models
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-uv.lock
	touch $@

.venv/.installed: .venv/.uv requirements.lock pyproject.toml
	$(BIN)/uv pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/uv pip install --quiet --no-build-isolation --no-deps -e .
	touch $@

%.mo: %.po .venv/.installed
	$(BIN)/pybabel -q compile -i $< -o $@

.venv/.installed-dev: .venv/.installed requirements-dev.lock
	$(BIN)/uv pip install --quiet --require-hashes -r requirements-dev.lock
	touch $@

# These two beside .venv, so that what every other test runs in stays what its lock says.
.venv-spark/.installed: .venv/.uv requirements-spark.lock pyproject.toml
	$(PYTHON) -m venv --without-pip .venv-spark
	VIRTUAL_ENV=.venv-spark $(BIN)/uv pip install --quiet --require-hashes -r requirements-spark.lock
	VIRTUAL_ENV=.venv-spark $(BIN)/uv pip install --quiet --no-build-isolation --no-deps -e .
	touch $@

.venv-peers/.installed: .venv/.uv requirements-peers.lock pyproject.toml
	$(PYTHON) -m venv --without-pip .venv-peers
	VIRTUAL_ENV=.venv-peers $(BIN)/uv pip install --quiet --require-hashes -r requirements-peers.lock
	VIRTUAL_ENV=.venv-peers $(BIN)/uv pip install --quiet --no-build-isolation --no-deps -e .
	touch $@
