# SPDX-License-Identifier: GPL-2.0
#
# What a person types. Each target calls one script, or Kbuild.

# The kernel to build for: its build tree (headers are enough).
KDIR ?= /lib/modules/$(shell uname -r)/build

# What the demo shows.
ALGORITHM ?= lz4
KERNEL ?= 6.12

# Which suites and cases of kunit/; all of them if empty.
FILTER ?=

# What the benchmark measures; QUICK=1 for a first look.
ALGORITHMS ?= lz4 w64 w64-portable lzo-rle zstd
ROUNDS ?=
QUICK ?=

# How long a stress run takes.
SECONDS ?= 60

kbuild = $(MAKE) -C $(KDIR) M=$(CURDIR)
release = $(shell $(MAKE) -s -C $(KDIR) kernelrelease)
# depmod prefers updates/ to what came with the kernel.
updates = $(INSTALL_MOD_PATH)/lib/modules/$(release)/updates
# The kernel's own install leaves it out where the build tree is headers only.
depmod = depmod $(if $(INSTALL_MOD_PATH),-b $(INSTALL_MOD_PATH)) $(release)

.PHONY: modules
modules:
	+$(kbuild) modules

.PHONY: install
install: modules
	+$(kbuild) INSTALL_MOD_DIR=updates modules_install
	$(depmod)

.PHONY: uninstall
uninstall:
	rm -f $(foreach m,zsm zram w64 dm-zcache zsm_zpool,$(updates)/$(m).ko*)
	$(depmod)

.PHONY: clean
clean:
	+$(kbuild) clean
	rm -rf build

.PHONY: setup
setup:
	scripts/setup.sh

.PHONY: demo
demo:
	scripts/demo.sh --algorithm $(ALGORITHM) --kernel $(KERNEL)

.PHONY: check
check:
	scripts/check.sh $(if $(findstring file,$(origin KERNEL)),,--kernel $(KERNEL))

.PHONY: host-test
host-test:
	scripts/setup.sh host-test
	scripts/host-test.sh

.PHONY: tools
tools:
	scripts/setup.sh tools
	+$(MAKE) -C tools/zsmctl

.PHONY: tools-test
tools-test:
	scripts/setup.sh tools
	+$(MAKE) -C tools/zsmctl check

.PHONY: htmldocs
htmldocs:
	scripts/setup.sh docs
	scripts/htmldocs.sh

.PHONY: fuzz
fuzz:
	scripts/setup.sh host-test fuzz
	scripts/fuzz.sh

.PHONY: stress
stress:
	scripts/setup.sh build vm $(if $(filter debug kcsan,$(KERNEL)),kernel)
	scripts/stress.sh --kernel $(KERNEL) --seconds $(SECONDS)

.PHONY: lint
lint:
	scripts/setup.sh build lint
	scripts/lint.sh

.PHONY: deb
deb:
	scripts/setup.sh deb
	scripts/deb.sh

.PHONY: ecosystem
ecosystem:
	scripts/ecosystem.sh

.PHONY: kunit
kunit:
	scripts/setup.sh build vm kernel
	scripts/kunit.sh '$(FILTER)'

.PHONY: faults
faults:
	scripts/setup.sh build vm kernel
	scripts/faults.sh

.PHONY: bench
bench:
	scripts/bench.sh --algorithms '$(ALGORITHMS)' $(if $(QUICK),--quick) $(if $(ROUNDS),--rounds $(ROUNDS))

.PHONY: density
density:
	scripts/density.sh --kernel $(KERNEL)

.PHONY: cache
cache:
	scripts/cache.sh --kernel $(KERNEL)

.PHONY: tier
tier:
	scripts/tier.sh

.PHONY: help
help:
	@echo 'make demo [ALGORITHM=lz4] [KERNEL=6.12]  swap onto the modules in a VM'
	@echo 'make check [KERNEL=...]                  all tests, or those of one kernel of scripts/kernel/table'
	@echo 'make [KDIR=tree] [ARCH=um]               build the modules'
	@echo 'make install, make uninstall             for the kernel of KDIR'
	@echo 'make deb                                 the Debian packages, zsm-dkms and zsm-tools'
	@echo 'make tools, make tools-test              build zsmctl; test it'
	@echo 'make htmldocs                            a web site of the documents'
	@echo 'make ecosystem                           clients of zram, in a Debian with the package'
	@echo 'make host-test                           the tests of core/ alone'
	@echo 'make fuzz [FUZZ_SECONDS=30]              random inputs for core/'
	@echo 'make stress [SECONDS=60] [KERNEL=6.12]   everything at once, in a VM'
	@echo 'make lint                                sparse, checkpatch, clang-tidy and others'
	@echo 'make kunit [FILTER="zsmalloc.*"]         the suites of kunit/, on a kernel that looks for bugs'
	@echo 'make faults                              the same kernel makes allocations fail'
	@echo 'make bench [ALGORITHMS="lz4 zstd"] [ROUNDS=5] [QUICK=1]'
	@echo '                                         beside the in-tree zram, in User Mode Linux'
	@echo 'make density [KERNEL=6.12]                memory taken, beside the in-tree zram, in a VM'
	@echo 'make cache [KERNEL=6.12]                  the read cache beside none and others, in a VM'
	@echo 'make tier                                swap that empties itself to a slow disk, beside in-tree'
	@echo 'make clean'
