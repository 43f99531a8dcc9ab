# make report   renders the report into report/rendered/
# make check    style, types and the tests of single modules: before every commit
# make test     runs every test; ORDER=seed shuffles them
# make same-report   renders beside the committed report (or BASE=folder), says what differs
# All set up .venv themselves; Python 3.11 or newer and make are all they need.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
UV     := VIRTUAL_ENV=$(VENV) $(BIN)/uv
RENDER ?=
PYTEST ?= -n 2
ORDER  ?=
SHUFFLED = $(if $(ORDER),--order $(ORDER))
FAST   := not browser and not integration and not generative
BASE   ?= report/rendered

# Modules and rewritten tests are compiled once, also where the shell forbids it.
unexport PYTHONDONTWRITEBYTECODE

LOCK   := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
          --no-header --no-annotate --no-emit-index-url --no-emit-find-links --group setup

.DEFAULT_GOAL := report
.PHONY: report check logic test same-report lint types preview bench fuzz mutate docs lock clean
.DELETE_ON_ERROR:

report: $(VENV)/report.stamp
	$(BIN)/companion render $(RENDER)

check: $(VENV)/test.stamp
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target lint types logic

logic: $(VENV)/test.stamp
	$(BIN)/python -m pytest $(PYTEST) -q -m "$(FAST)" $(SHUFFLED)

test: $(VENV)/test.stamp
	@echo "Every test;$$(cat build/tests-took 2>/dev/null || echo ' some minutes on two idle cores')." \
	      "Those of single modules alone: make check"
	@mkdir -p build && date +%s > build/tests-began
	$(BIN)/python -m pytest $(PYTEST) $(SHUFFLED)
	@echo " the last run here took $$(( ($$(date +%s) - $$(cat build/tests-began) + 59) / 60 )) min" \
	      > build/tests-took

same-report: $(VENV)/test.stamp
	$(BIN)/python -m tools.same_report $(BASE)

lint: $(VENV)/test.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/test.stamp
	$(BIN)/mypy src docs benchmarks tools

preview: $(VENV)/report.stamp
	$(BIN)/companion preview

fuzz: $(VENV)/test.stamp
	$(BIN)/python -m pytest $(PYTEST) -q -m generative --full
	$(BIN)/python -m tests.fuzz $(FUZZ)

mutate: $(VENV)/test.stamp
	$(UV) pip install --quiet "mutmut>=3.8,<4"
	$(BIN)/mutmut run $(MUTATE)
	$(BIN)/mutmut results

bench: $(VENV)/test.stamp
	$(BIN)/python -m benchmarks

docs: $(VENV)/test.stamp
	$(BIN)/python -m docs.generate

lock: $(VENV)/uv.stamp
	$(LOCK) $(UPGRADE) pyproject.toml -o requirements.lock
	$(LOCK) $(UPGRADE) --extra test -c requirements.lock pyproject.toml -o requirements-test.lock
	awk '/^[^ ]/ {keep = /^uv==/} keep' requirements.lock > requirements-uv.lock

clean:
	rm -rf $(VENV) build

$(VENV)/uv.stamp: requirements-uv.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or newer is needed; this is $$($(PYTHON) --version)." \
	       "Name another one: make PYTHON=python3.12" >&2; exit 2; }
	@$(PYTHON) -m venv $(VENV) || { \
	  echo "No environment could be made; on Debian and Ubuntu: apt-get install python3-venv" >&2; \
	  exit 2; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes \
	  --requirement requirements-uv.lock
	@touch $@

$(VENV)/report.stamp: $(VENV)/uv.stamp requirements.lock pyproject.toml
	$(call install,requirements.lock)

$(VENV)/test.stamp: $(VENV)/uv.stamp requirements-test.lock pyproject.toml
	$(call install,requirements-test.lock)
	@touch $(VENV)/report.stamp

define install
	@echo "Setting up $(VENV) from $(1)"
	@$(UV) pip install --quiet --require-hashes --compile-bytecode --requirement $(1)
	@$(UV) pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@
endef
