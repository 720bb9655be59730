# A thin wrapper of Meson: `make run` and `make test` install what they need on
# Debian 12, build, and do what they are named for.  Settings:
#   BUILD=DIR       the build folder (default: build)
#   FLOWERS=DIR     photos for the tests that measure the models
#   WERROR=true     warnings are errors
#   SANITIZE=LIST   for example address,undefined

BUILD ?= build
FLOWERS ?=
WERROR ?= false
SANITIZE ?= none

export BUILD FLOWERS WERROR SANITIZE

.PHONY: run build test test-peers bench install clean

run:
	@build-aux/packages.sh run
	@build-aux/build.sh programs
	@build-aux/run.sh

build:
	@build-aux/packages.sh build
	@build-aux/build.sh programs

test:
	@build-aux/packages.sh test
	@build-aux/build.sh all
	@build-aux/test.sh

# Against clients of others, which come from package registries.
test-peers:
	@build-aux/packages.sh peers
	@build-aux/build.sh all
	@build-aux/test.sh peers

bench:
	@build-aux/packages.sh bench
	@build-aux/build.sh all
	@tests/bench/run.py --build "$(BUILD)"

install: build
	@meson install --no-rebuild -C "$(BUILD)"

clean:
	rm -rf "$(BUILD)"
