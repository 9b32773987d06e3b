# Everything that a newcomer types. `make run` and `make test` do all the set-up themselves.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
TESTS ?=
# A folder with a prebuilt wheel of llama-cpp-python, to be spared its compilation.
WHEELS ?=

.PHONY: run install test lint types tests bench eval lock clean

run: $(VENV)/.installed
	@$(BIN)/sourcier run

# For a service, which has its settings and its data elsewhere.
install: $(VENV)/.installed

test: $(VENV)/.installed-dev
	@$(MAKE) --no-print-directory lint types tests

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.installed-dev
	$(BIN)/mypy bot knowledge prompts tests benchmarks

# Everything by several processes, a file by one of them, as some files share a base: many tests
# wait for a clock rather than for a processor. Folders in their order: the quick unit tests come
# last, so that no process ends on the longest file alone. What TESTS names, by one process.
tests: $(VENV)/.installed-dev
	$(BIN)/python -m pytest $(or $(TESTS),-n 3 --dist loadfile --no-loadscope-reorder)

bench: $(VENV)/.installed-dev
	$(BIN)/python -m benchmarks

# The real article is not shipped: asked about where it is.
PRESS := $(wildcard $(or $(SOURCIER_SHARED_DIR),../shared)/articles)
eval: $(VENV)/.installed-dev
	$(BIN)/python -m knowledge.evaluation --dataset demo $(if $(PRESS),--dataset press)

# The interpreter is the first of these that is 3.11 or later.
$(BIN)/python:
	@for candidate in $(PYTHON) python3.11 python3.12 python3.13 python3; do \
	  if command -v $$candidate >/dev/null \
	    && $$candidate -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then \
	    echo "Création de l’environnement $(VENV) avec $$candidate…"; \
	    $$candidate -m venv $(VENV) && exit 0; \
	    rm -rf $(VENV); \
	    echo "Sur Debian ou Ubuntu : sudo apt install python3-venv" >&2; exit 1; \
	  fi; \
	done; \
	echo "Il faut Python 3.11 ou plus récent : sudo apt install python3 python3-venv" >&2; exit 1

$(VENV)/.installed: requirements.lock pyproject.toml | $(BIN)/python
ifneq ($(WHEELS),)
	@ls $(WHEELS)/llama_cpp_python-*.whl >/dev/null 2>&1 \
	  || { echo "Aucun fichier llama_cpp_python-*.whl dans $(WHEELS)." >&2; exit 1; }
	@$(BIN)/python -m pip install --quiet --no-deps --no-index --find-links $(WHEELS) llama-cpp-python
endif
	@if ! $(BIN)/python -c 'import importlib.metadata as m; m.version("llama-cpp-python")' 2>/dev/null; then \
	  command -v $${CXX:-c++} >/dev/null || { echo \
	    "Il faut un compilateur C++ : sudo apt install build-essential (ou make run WHEELS=dossier, voir README.md)" \
	    >&2; exit 1; }; \
	  echo "Compilation de llama.cpp, une seule fois : 7 à 10 minutes sur deux cœurs, sans rien afficher…"; \
	fi
	@echo "Installation des bibliothèques : une à trois minutes…"
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --no-deps --editable .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	@echo "Installation des outils de développement…"
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.lock
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
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis
