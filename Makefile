# The two commands: `make run` and `make test`. Everything they need is made on first use.
PYTHON ?= python3
VENV ?= .venv
JOBS ?= 2
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help run test check format tui docs torture screenshots bench bench-quick bench-page bench-scale captures bench-app bench-plots bench-inside bench-extraction bench-startup bench-loop bench-levers bench-kernel bench-precision bench-evaluation bench-gpu bench-gpu-quick bench-gpu-page clean

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

run: $(READY) ## build the demo set if it is not there, and run step 7.1 on it
	$(BIN)/python -m workbench --step 7.1 --session demo --data "$$($(BIN)/python -m workbench data demo)"

test: $(READY) ## run the tests, two files at a time (JOBS=n for another number, 0 for one after the other)
	$(BIN)/python -m pytest -q -n $(JOBS) --dist loadfile

tui: $(READY) ## open the app
	$(BIN)/python -m workbench

check: $(READY) ## lint and type-check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(READY) ## format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(READY) ## write docs/commands.md, settings.md, parts.md, keys.md and plain.md from their data
	$(BIN)/python -m workbench.grammar.manual > docs/commands.md
	$(BIN)/python -m workbench.config.manual > docs/settings.md
	$(BIN)/python -m workbench.commands.parameters > docs/parts.md
	$(BIN)/python -m workbench.tui.keys_manual > docs/keys.md
	$(BIN)/python -m workbench.tui.in_lines > docs/plain.md

torture: $(READY) ## kill runs 200 times and compare every byte (KILLS=n for another number)
	$(BIN)/python tests/torture.py --kills $(or $(KILLS),200)

screenshots: $(READY) ## make the pictures of the README from the last session
	$(BIN)/python docs/pictures/make.py $(SESSION)

bench: $(READY) ## measure everything beside the plain way, epoch by epoch (a quarter of an hour; 7 GB of disk, which it says)
	$(BIN)/python benchmarks/bench.py

bench-quick: $(READY) ## the same with a few steps of each row (three minutes)
	$(BIN)/python benchmarks/bench.py --quick

bench-page: $(READY) ## put the table of the last `make bench` into docs/performance.md
	$(BIN)/python benchmarks/bench.py --page build/bench.json

bench-scale: $(READY) ## cost of an epoch and memory up to 100,000 clips of beats and 20,000 whole ones
	$(BIN)/python benchmarks/scale.py

captures: $(READY) ## capture every screen, by tmux (SESSION=name OUT=folder SIZE=80x24 MODE="16 none" ONLY=scenes LANGUAGE=el JOBS=2)
	$(BIN)/python docs/pictures/screens.py $(SESSION) $(or $(OUT),captures) $(if $(SIZE),--size $(SIZE)) $(if $(MODE),--mode $(MODE)) $(if $(ONLY),--only $(ONLY)) $(if $(LANGUAGE),--lang $(LANGUAGE)) $(if $(JOBS),--jobs $(JOBS))

bench-app: $(READY) ## time the app through a terminal
	$(BIN)/python benchmarks/app.py

bench-plots: $(READY) ## time the curves beside plotext's own
	$(BIN)/python benchmarks/plot_curve.py

bench-inside: $(READY) ## time a key to its picture inside the digit network, through a pseudo-terminal
	$(BIN)/python benchmarks/inside_latency.py

bench-extraction: $(READY) ## time features of clips beside plain librosa, and one process beside two
	$(BIN)/python benchmarks/extraction.py

bench-startup: $(READY) ## time the command line and a worker's way to its first step
	$(BIN)/python benchmarks/startup.py

bench-loop: $(READY) ## time the training loop beside a bare forward, backward and step
	$(BIN)/python benchmarks/loop_overhead.py

bench-levers: $(READY) ## time each setting that makes a step faster, on and off in turn
	$(BIN)/python benchmarks/levers.py

bench-kernel: $(READY) ## time an LSTM's and a transformer's step beside what they consist of
	$(BIN)/python benchmarks/lstm_kernel.py
	$(BIN)/python benchmarks/transformer_kernel.py

bench-precision: $(READY) ## train with five seeds in bf16 and float32, and compare what they reach
	$(BIN)/python benchmarks/precision_parity.py

bench-evaluation: $(READY) ## time evaluation, bootstrap, projections and drawing
	$(BIN)/python benchmarks/evaluation.py

bench-gpu: $(READY) ## measure on a GPU every setting, where batches come from, each network beside the plain way (8 minutes)
	$(BIN)/python benchmarks/gpu.py

bench-gpu-quick: $(READY) ## the same with few rounds on a part of the clips, without the compiler (three minutes)
	$(BIN)/python benchmarks/gpu.py --quick

bench-gpu-page: $(READY) ## put the tables of the last `make bench-gpu` into docs/performance.md
	$(BIN)/python benchmarks/gpu.py --page build/gpu.json

clean: ## remove what the commands made here (sessions stay)
	rm -rf $(VENV) .pytest_cache .ruff_cache .mypy_cache .hypothesis build dist *.egg-info
