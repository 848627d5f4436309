#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# threads.sh - measure the allocators beside each other with one thread and with two.
#
# usage: scripts/bench/threads.sh CORPUS ROUNDS
#
# Boots a VM of two processors, with Debian's 6.12 kernel. Prints a line for each thing
# measured, as scripts/bench/guest.sh does: WHAT is `threads.N.STEP'. An emulated
# machine's times are good for ratios of what ran in it, and for nothing else.

# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

top=$(realpath "${BASH_SOURCE[0]%/*}/../..")
bench_dir=$top/scripts/bench

zsm_parse "$@"
set -- "${zsm_args[@]}"
(($# == 2)) || usage_error "which pages, and how many rounds?"

zsm_need vm qemu-system-x86_64
zsm_progress "threads: building"
kernel=$(zsm_kernel 6.12)
built=$("$top/scripts/build-modules.sh" 6.12)
module=$("$bench_dir/build.sh" "$kernel/build" "$top/build/bench/threads")
zsm_progress "threads: measuring in a VM"
"$top/scripts/vm/run.sh" --kernel 6.12 --cpus 2 --memory 768 --timeout 900 \
	--add "$built/zsm.ko" --add "$module" --add "$1=pages" \
	"$bench_dir/threads-guest.sh" "$2" | sed -n 's/^@//p'
zsm_progress_end
