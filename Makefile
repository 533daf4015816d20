# make demo   set up a private environment and make a workbook, an answered one and its report
# make test   everything: lint, types, import contracts, all tests (LibreOffice included)
# make proof  the heavy runs behind the claims in docs/proof.md; HKZ_FOREIGN=FOLDER: also files of others
# make mutants  change the code one sign at a time and see whether a test notices; MUTANTS="hkz_xlsx.scoring.*" chooses where
# make pictures / make samples   the pictures of the manual, the workbooks to download
# make site   the handbooks and all other pages as one site, in build/site
# make manual the manual for organisations as one file to send along: dist/hkz-handleiding.html
# make page   the page: dist/hkz-pagina.html, one file that works in a browser without installing anything
# make release VERSION=0.2.0     freeze what this version writes, to be readable for ever
# make bill   what a release hands out, in dist: wheel, source, page, manual, samples, checksums, a bill of materials
# make pins   the versions in requirements/, with their hashes, from what pyproject.toml asks for
# make fix    let the tools mend what they can

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# pytest-xdist: as many workers as there are processors.
JOBS ?= auto

.PHONY: demo test page manual browsers proof mutants lint types contracts fix docs site pictures samples release bill pins office clean

demo: $(VENV)/.run
	$(BIN)/hkz demo build/demo --force

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "hkz needs Python 3.11 or newer: make PYTHON=python3.11 demo"; exit 2; }
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv module is missing: sudo apt-get install python3-venv"; exit 2; }
	$(BIN)/python -m pip install --quiet --upgrade pip
	@touch $@

$(VENV)/.run: $(VENV)/.made pyproject.toml
	$(BIN)/python -m pip install --quiet --editable ".[all]"
	@touch $@

$(VENV)/.test: $(VENV)/.run pyproject.toml
	$(BIN)/python -m pip install --quiet --group test
	@touch $@

office:
	@sh tests/proof/office/install.sh

browsers:
	@sh tests/page/install.sh

# Pyodide from npm, wheels from PyPI: pinned in page/, with their hashes.
page: $(VENV)/.run
	$(BIN)/python -m page.build

manual: $(VENV)/.run
	$(BIN)/python -m docs.manual_file dist/hkz-handleiding.html

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.test
	$(BIN)/mypy

contracts: $(VENV)/.test
	$(BIN)/lint-imports

test: $(VENV)/.test office browsers lint types contracts
	$(BIN)/python -m pytest -n $(JOBS) -m "not proof"

# What npm has of other programs is installed under build; a path of your own goes first.
PROOF_NODE := $(CURDIR)/build/proof-node

proof: $(VENV)/.test office browsers
	@sh tests/proof/install_node.sh $(PROOF_NODE)
	NODE_PATH="$${NODE_PATH:+$$NODE_PATH:}$(PROOF_NODE)/node_modules" $(BIN)/python -m pytest -n $(JOBS) -m proof --durations=10

# Which code, and for how long at most; what was tried is remembered in mutants/.
MUTANTS ?= hkz_xlsx.figures.privacy*
MUTANT_TIME ?= 15m

$(VENV)/.mutants: $(VENV)/.test pyproject.toml
	$(BIN)/python -m pip install --quiet --group mutants
	@touch $@

mutants: $(VENV)/.mutants
	nice timeout --signal=INT $(MUTANT_TIME) $(BIN)/mutmut run '$(MUTANTS)' || true
	$(BIN)/mutmut results
	$(BIN)/mutmut export-cicd-stats && cat mutants/mutmut-cicd-stats.json

fix: $(VENV)/.test
	$(BIN)/ruff check --fix --exit-zero --quiet .
	$(BIN)/ruff format .
	$(BIN)/ruff check .

docs: $(VENV)/.test
	$(BIN)/python -m docs.generate

# LibreOffice draws every sheet of a filled workbook, on paper and in a window; the pictures of README and the manual.
pictures: $(VENV)/.test office browsers
	@sh docs/install_window.sh
	$(BIN)/python -m docs.pictures
	$(BIN)/python -m docs.windows
	$(BIN)/python -m docs.page_pictures

# The workbooks that can be downloaded and used without installing anything.
samples: $(VENV)/.run
	$(BIN)/python -m samples.build

# The handbooks and all other pages as one site; a link that leads nowhere is an error.
$(VENV)/.site: $(VENV)/.run pyproject.toml
	$(BIN)/python -m pip install --quiet --group site
	@touch $@

site: $(VENV)/.site
	$(BIN)/python -m docs.site build/site

# What this version writes, frozen under released/VERSION; never over an existing release.
release: $(VENV)/.test
	@test -n "$(VERSION)" || { echo "Which version? make release VERSION=0.2.0"; exit 2; }
	$(BIN)/python -m release.freeze $(VERSION)

# Everything a release hands out, in dist/, with checksums and a bill of materials.
bill: $(VENV)/.test
	$(BIN)/python -m pip install --quiet --group release
	rm -rf dist
	$(BIN)/python -m build --no-isolation --outdir dist
	$(BIN)/python -m page.build
	$(BIN)/python -m docs.manual_file dist/hkz-handleiding.html
	$(BIN)/python -m release.bill dist

# For every system and Python at once; without addresses, so that any registry serves.
pins: $(VENV)/.made
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-header --no-annotate --all-extras --group test pyproject.toml -o requirements/test.txt

clean:
	rm -rf $(VENV) build dist page/node_modules .mypy_cache .ruff_cache .pytest_cache
