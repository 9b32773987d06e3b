# Everything that a newcomer types. `make run` and `make test` do all the set-up themselves.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
TESTS ?=
# A folder with a prebuilt wheel of llama-cpp-python, to be spared its compilation.
WHEELS ?=

.PHONY: run test check lint types tests bench eval lock clean

run: $(VENV)/.installed
	@$(BIN)/sourcier run

test: $(VENV)/.installed-dev
	@$(MAKE) --no-print-directory lint types tests

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.installed-dev
	$(BIN)/mypy bot knowledge prompts tests benchmarks

tests: $(VENV)/.installed-dev
	$(BIN)/python -m pytest $(TESTS)

bench: $(VENV)/.installed-dev
	$(BIN)/python -m benchmarks

eval: $(VENV)/.installed-dev
	$(BIN)/python -m knowledge.evaluation

# The interpreter is the first of these that is 3.11 or later.
$(BIN)/python:
	@for candidate in $(PYTHON) python3.11 python3.12 python3.13 python3; do \
	  if command -v $$candidate >/dev/null \
	    && $$candidate -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then \
	    exec $$candidate -m venv $(VENV); \
	  fi; \
	done; echo "Python 3.11 ou plus récent est nécessaire (paquets python3 et python3-venv)." >&2; exit 1

# llama.cpp is compiled here the first time: 7 to 10 minutes on two cores.
$(VENV)/.installed: requirements.lock pyproject.toml | $(BIN)/python
ifneq ($(WHEELS),)
	$(BIN)/python -m pip install --quiet --no-deps --no-index --find-links $(WHEELS) llama-cpp-python
endif
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --editable .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.lock
	@touch $@

# Both locks again, with hashes and without naming any index.
lock: | $(BIN)/python
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --custom-compile-command "make lock" -o requirements.lock pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --custom-compile-command "make lock" --group dev -c requirements.lock \
	  -o requirements-dev.lock pyproject.toml

clean:
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache
