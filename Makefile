# make run    the suite on this machine, as the current user
# make test   the tests of the harness
# make reproducers   the stand-alone program of every scenario and API, compiled, run and compared with a run
# make containers   the suite in the container images that the project's CI runs, and in every posture
# make standins   the suite on stand-ins for a kernel: QEMU's user emulation, proot, fakeroot
# make gvisor   the pages in which gVisor has faults, in a container that runsc runs
# make kernels      the raw calls on the kernels that the project's CI runs, and the static C library on the newest
# make lint   ruff, mypy, the import contract, shellcheck, clang-format
# make sanitize   the C agent through gcc -fanalyzer, and the suite with an agent under ASan and UBSan
# make dockerfiles   containers/*/Dockerfile from their template
# make calls   generates from the table of calls: the agents' rows, the table in PROTOCOL.md
# make schema   the JSON Schema of the results file, from its types
# make bench  the engine against a bare fork loop
# make lock   requirements.lock, from the ranges in pyproject.toml
# make newest   the tests with the newest releases that those ranges allow; it reports and never fails
# Everything lives in .venv and build/; 'make clean' removes both.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test reproducers containers kernels standins gvisor dockerfiles calls schema lint sanitize bench lock newest clean

run: $(VENV)/ready
	$(BIN)/credstone run --results build/results.jsonl

test: $(VENV)/ready
	$(BIN)/python -m pytest tests -n auto

reproducers: $(VENV)/ready
	$(BIN)/python -m pytest tests/repro -m all_reproducers -n auto

# the engine's own libcs, Pythons and ABIs, then the postures of one of them
IMAGES := debian-11 debian-12 debian-13 debian-12-i386 musl-1.2.2 musl-1.2.3 musl-1.2.5 scratch
POSTURES := no-capabilities setid-only no-new-privileges user user+groups crun+open podman podman+user+groups \
	userns-remap userns-remap+open

containers: $(VENV)/ready
	$(BIN)/credstone images build $(IMAGES)
	$(BIN)/credstone run $(IMAGES:%=--target image:%+open) --results build/images.jsonl
	$(BIN)/credstone run --target image:debian-12 $(POSTURES:%=--target image:debian-12+%) --results build/postures.jsonl

# the suite on one target of each kind; on other machines only what differs there: 16-bit calls and byte order
STANDINS := qemu-user:aarch64 proot fakeroot
OTHERS := qemu-user:i386 qemu-user:s390x

standins: $(VENV)/ready
	# emulation is slow with hundreds of short-lived threads, and one of these cells hangs for a minute (a recorded deviation)
	$(BIN)/credstone run $(STANDINS:%=--target %) -k 'not (qemu and (load.scn or among-many-threads))' \
		--results build/standins.jsonl
	$(BIN)/credstone run setuid setgid setreuid setresuid setfsuid getgroups capget --api syscall $(OTHERS:%=--target %) \
		--results build/others.jsonl

# the pages with most of gVisor's faults; the whole suite takes five minutes there
gvisor: $(VENV)/ready
	$(BIN)/credstone run setuid setreuid setgroups setfsuid prctl user_namespaces clone unshare \
		--target image:debian-12+runsc --results build/gvisor.jsonl
KERNELS := debian-11 debian-12 debian-13

kernels: $(VENV)/ready
	$(BIN)/credstone kernels fetch $(KERNELS)
	$(BIN)/credstone run --api syscall $(KERNELS:%=--target kernel:%) --results build/kernels.jsonl
	# hundreds of short-lived threads take minutes on one translated processor
	$(BIN)/credstone run --api libc -k 'not nptl' --target kernel:$(lastword $(KERNELS)) --results build/kernel-libc.jsonl

dockerfiles: $(VENV)/ready
	$(BIN)/python -m credstone.targets.container.recipe

calls: $(VENV)/ready
	$(BIN)/python -m credstone.calls

schema: $(VENV)/ready
	$(BIN)/python -m credstone.results.schema

lint: $(VENV)/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy harness/credstone
	.ci/mypy-agent
	$(BIN)/mypy --config-file tests/mypy.ini tests
	$(BIN)/lint-imports
	.ci/shellcheck
	.ci/clang-format

# with pages or other arguments of credstone run in ONLY
sanitize: $(VENV)/ready
	.ci/sanitize $(ONLY)

bench: $(VENV)/ready
	$(BIN)/python bench/bench.py

# a new environment with the packages and hashes of requirements.lock
$(VENV)/locked: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Credstone needs Python 3.11 or newer; name one with: make PYTHON=python3.12"; exit 3; }
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	@touch $@

# the build backend is in the lock file too, so this step fetches nothing
$(VENV)/ready: $(VENV)/locked pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-index --no-deps --no-build-isolation --editable .
	@touch $@

# The lock file holds for every Python from 3.11 on.  A version in it stays while it is in the range of pyproject.toml;
# UPGRADE=1 takes the newest version of each.
LOCK := build/lock

lock:
	$(PYTHON) -m venv --clear $(LOCK)
	$(LOCK)/bin/python -m pip install --quiet --disable-pip-version-check 'uv>=0.9,<1'
	$(LOCK)/bin/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], sep="\n")' \
		> $(LOCK)/build-system
	$(LOCK)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --all-extras $(if $(UPGRADE),--upgrade) \
		--custom-compile-command 'make lock' \
		pyproject.toml $(LOCK)/build-system --output-file requirements.lock

# in an environment of its own; the locked one stays as it is
newest:
	$(PYTHON) .ci/newest.py

clean:
	rm -rf $(VENV) build
