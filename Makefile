# Two commands: `make demo` sets up and runs the bundled survey; `make test` sets up and runs every test.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SETUP := tools/setup.sh

.PHONY: demo test check format bench accuracy review-effort compare clean

demo: $(VENV)/.demo
	@$(BIN)/answerable demo

test: $(VENV)/.test
	@$(MAKE) --no-print-directory check
	@$(BIN)/python -m pytest -n auto --dist worksteal

check: $(VENV)/.test
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

format: $(VENV)/.test
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

# Each bench/bench_NAME.py and bench/accuracy_NAME.py prints a table and writes bench/<kind>-NAME.json.
bench: $(patsubst bench/bench_%.py,bench-%,$(wildcard bench/bench_*.py))
accuracy: $(patsubst bench/accuracy_%.py,accuracy-%,$(wildcard bench/accuracy_*.py))

bench-%: $(VENV)/.bench
	@$(BIN)/python bench/bench_$(subst -,_,$*).py

accuracy-%: $(VENV)/.bench
	@$(BIN)/python bench/accuracy_$(subst -,_,$*).py

# Decisions and keys it takes to settle 44 replies: the bundled surveys and three simulated ones.
review-effort: $(VENV)/.bench
	@$(BIN)/python bench/review_effort.py

# Observations gained, lost and changed against another commit's reader.
REF ?= main
compare: $(VENV)/.test
	@$(BIN)/python tools/compare_reading.py $(REF)

$(VENV)/.demo: pyproject.toml $(SETUP)
	@PYTHON=$(PYTHON) bash $(SETUP) demo

$(VENV)/.test: pyproject.toml $(SETUP)
	@PYTHON=$(PYTHON) bash $(SETUP) test

$(VENV)/.bench: pyproject.toml $(SETUP)
	@PYTHON=$(PYTHON) bash $(SETUP) bench

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
