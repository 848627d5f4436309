#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# bench.sh - measure our zram beside the kernel's own.
#
# usage: scripts/bench.sh [OPTION]...
#
#   --algorithms LIST  which ("lz4 w64 w64-portable w64hc w64hc-portable w64hc-1 w64hc-9
#                      lzo-rle zstd"); one that only one side has is measured on that
#                      side. -portable is by the build that does without BMI2, a number
#                      is a level
#   --rounds N         how often each side is measured (5)
#   --kinds            only the kinds of pools: pairs and triples beside the kernel's
#                      own, and reclaim in all three
#   --quick            3 rounds over the first 4 MB of each corpus, instead of 8
#   --corpora FOLDER   measure with these files of pages, rather than collecting
#   --uml FOLDER       with this kernel, laid out as scripts/kernel/uml.sh does it
#   --out FOLDER       where results go (build/bench)
#
# Builds User Mode Linux, both modules for it and a benchmark module; collects the
# memory of several kinds of program; boots once; and measures pools of all kinds, and
# both zrams in turn on each corpus; then the allocators with two threads, in a VM.
# Prints the table, and leaves in the folder
#
#   table.txt      the table
#   results.json   all that was measured
#   write.svg, read.svg  memory taken against time, a mark for each algorithm
#   codec-write.svg, codec-read.svg  the same of the codecs alone, in user space, where
#                  zstd's levels are there to compare with
#
# Documentation/performance.rst tells how to read them. Installs what is missing if
# run as root, or prints the command that would.

# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

scripts_dir=$(realpath "${BASH_SOURCE[0]%/*}")
top=$(realpath "$scripts_dir/..")
bench_dir=$scripts_dir/bench

algorithms='lz4 w64 w64-portable w64hc w64hc-portable w64hc-1 w64hc-9 lzo-rle zstd'
kinds=
rounds=
quick=
mb=8
mb_collected=8	# what --quick takes less of
out=$top/build/bench
corpora=
uml=

parse()
{
	zsm_parse "$@"
	zsm_no_args
	if [[ -n $quick ]]; then
		mb=4
		: "${rounds:=3}"
	fi
	algorithms=${algorithms//,/ }
	[[ -z $corpora ]] || corpora=$(realpath -e "$corpora") || die -2 "no such folder"
	[[ -z $uml ]] || uml=$(realpath -e "$uml") || die -2 "no such folder"
	: "${rounds:=5}"
	zsm_want_number rounds
	[[ $algorithms =~ ^[a-z0-9\ -]+$ ]] || usage_error "bad algorithms: $algorithms"
}

collect_corpora()
{
	"$bench_dir/collect.sh" "$1" "$mb_collected"
}

# What the guest finds in its folder.
fill_work()
{
	local ours=$1 module=$2 file

	mkdir "$work"/{ours,intree,module,corpora}
	cp "$ours"/{zsm,zram,zsm_zpool}.ko "$work/ours/"
	cp -L "$uml"/{zsmalloc,zram}.ko "$work/intree/"
	cp "${module%/*}"/{zsm_bench,zpool,zbud,z3fold}.ko "$work/module/"
	for file in "$corpora"/*; do
		# A program may not have been there to collect from.
		[[ ! -s $file ]] || head -c $((mb << 20)) "$file" >"$work/corpora/${file##*/}"
	done
	cat "$work/corpora"/prog-* >"$work/corpora/programs"
}

uml_pid=''

stop_uml()
{
	[[ -z $uml_pid ]] || kill "$uml_pid" 2>/dev/null
}

# Its memory is a file, which it puts into /dev/shm if no variable says otherwise.
boot()
{
	exec env -u TMPDIR -u TMP -u TEMP "$uml/linux" mem=640M root=/dev/root rootfstype=hostfs rootflags=/ ro \
		quiet con=null con0=null,fd:1 init="$bench_dir/guest.sh" \
		ZSM_WORK="$work" ZSM_ROUNDS="$rounds" ZSM_ALGORITHMS="${algorithms// /,}" ${kinds:+ZSM_KINDS=1} </dev/null
}

# Shows how far it is.
follow()
{
	local line

	while IFS= read -r line; do
		printf '%s\n' "$line" >>"$work/console"
		[[ $line != '@ '* ]] || zsm_progress "${line:2}"
	done
}

run_guest()
{
	zsm_exit_hook=stop_uml
	boot > >(follow) 2>&1 &
	uml_pid=$!
	# Its status tells nothing: the guest says when all went well.
	wait "$uml_pid" || true
	uml_pid=''
	zsm_progress_end
	[[ -e $work/done ]] || {
		cat "$work/console" >&2
		die "the benchmark did not finish"
	}
}

# What is measured outside of User Mode Linux.
measure_more()
{
	# A part of all programs' pages is enough for that.
	head -c 32M "$work/corpora/programs" >"$work/pages"
	"$bench_dir/threads.sh" "$work/pages" "$rounds" >>"$work/results"
	zsm_progress "the codecs in user space"
	"$bench_dir/w64-bench.sh" -l -r "$rounds" "$work/corpora"/prog-* >>"$work/results"
	zsm_progress_end
}

# What the numbers depend on, for the head of the table.
write_facts()
{
	cat >"$work/facts" <<-END
		kernel	$(<"$uml/release") (User Mode Linux), in-tree zram and zsmalloc of it
		compiler	$(gcc --version | head -n 1)
		processor	$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)
		zsm	$(git -C "$top" log -1 --format='%h (%s)' -- ./*.[ch] zram core 2>/dev/null || echo unknown)
		date	$(date -u +%Y-%m-%d)
		rounds	$rounds
		load	$load_before before, $(cut -d ' ' -f 1 /proc/loadavg) after, on $(nproc) CPUs
	END
}

main()
{
	local ours module work load_before

	parse "$@"
	"$scripts_dir/setup.sh" build kernel bench vm
	[[ -n $uml ]] || uml=$("$scripts_dir/kernel/uml.sh")
	module=$("$bench_dir/build.sh" --zpools "$uml/build" "$top/build/bench/module" ARCH=um)
	# The kernel has no zpool but the benchmark's.
	ours=$("$scripts_dir/build-modules.sh" --kdir "$uml/build" ARCH=um CONFIG_ZPOOL=y \
		"KBUILD_EXTRA_SYMBOLS=${module%/*}/Module.symvers")
	if [[ -z $corpora ]]; then
		corpora=$zsm_cache/corpora-$(sha256sum <"$bench_dir/collect.sh" | cut -c 1-12)
		zsm_publish "$corpora" collect_corpora
	fi
	zsm_tmpdir work
	fill_work "$ours" "$module"
	load_before=$(cut -d ' ' -f 1 /proc/loadavg)
	run_guest
	[[ -n $kinds ]] || measure_more
	write_facts
	mkdir -p "$out"
	python3 "$bench_dir/report.py" "$work/facts" "$work/results" "$out"
	cat "$out/table.txt"
	log "results are in $out"
}

main "$@"
