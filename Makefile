# Everything a fresh machine with Python 3.11, make and git needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
KG_DATA ?= data

.PHONY: serve test format bench bench-large bench-agreement bench-endpoint bench-writers bench-hostile bench-faults bench-load bench-search bench-pages bench-export bench-events clean

$(VENV)/serve.stamp: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

$(VENV)/dev.stamp: $(VENV)/serve.stamp
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

serve: $(VENV)/serve.stamp ## start the server on the data directory (first start loads ontology and seed graph)
	$(BIN)/kg serve --data $(KG_DATA)

test: $(VENV)/dev.stamp ## format, lint, types, tests, ontology checks, docs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest

format: $(VENV)/dev.stamp
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/dev.stamp ## how fast the gate is, beside its bars; takes minutes
	$(BIN)/python -m tests.bench.gate --sizes 10000 1000000

bench-endpoint: $(VENV)/dev.stamp ## the endpoint beside `oxigraph serve`, with a million quads; takes some minutes
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[bench]'
	$(BIN)/python -m tests.bench.endpoint

bench-large: $(VENV)/dev.stamp ## the same up to ten million triples; takes some minutes
	$(BIN)/python -m tests.bench.gate --sizes 10000 1000000 10000000

bench-agreement: $(VENV)/dev.stamp ## 500 random changes, each judged by the gate and by pySHACL; takes an hour
	$(BIN)/python -m tests.bench.agreement

bench-writers: $(VENV)/dev.stamp ## commits of eight writers at once, beside one flush for each; takes two minutes
	$(BIN)/python -m tests.bench.writers

bench-hostile: $(VENV)/dev.stamp ## longest wait of /health and memory beside hostile requests; takes some minutes
	$(BIN)/python -m tests.bench.hostile

bench-load: $(VENV)/dev.stamp ## loads beside the engine's own loader, up to ten million triples, and 100 of them killed; takes an hour
	$(BIN)/python -m tests.bench.load --sizes 100000 1000000 10000000 --kills 100

bench-faults: $(VENV)/dev.stamp ## 100 times kill -9 of a server under load, and a look at what is left; takes half an hour
	$(BIN)/python -m tests.bench.faults

bench-export: $(VENV)/dev.stamp ## N-Quads and Parquet beside the engine's own dump, a million and ten million quads; takes an hour
	$(BIN)/python -m tests.bench.export

bench-search: $(VENV)/dev.stamp ## search among a million labels, and what the index costs a commit; takes some minutes
	$(BIN)/python -m tests.bench.search

bench-pages: $(VENV)/dev.stamp ## pages of things with a thousand mentions, each page in a browser, and on a million events; takes some minutes
	$(BIN)/python -m tests.bench.pages
	$(BIN)/python -m tests.bench.served_pages

bench-events: $(VENV)/dev.stamp ## questions over a million coded rows, and what loading them costs; takes some minutes
	$(BIN)/python -m tests.bench.events

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
