#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# density.sh - how much memory pages take, beside the kernel's own zram.
#
# usage: scripts/density.sh [OPTION]...
#
#   --algorithms LIST  which ("lz4 zstd")
#   --kernel K         a stock Debian kernel of scripts/kernel/table (6.12)
#   --corpora FOLDER   measure with the files prog-* of it, rather than collecting
#   --out FOLDER       where results go (build/density)
#
# Collects 128 MB of anonymous memory of programs, boots a VM and fills a device of
# each zram with it: fresh, after as many random writes as four times the number of
# slots, after three quarters of the slots were freed, after filling all again, and
# with 100 GB and nothing written. Nothing is compacted by hand; each figure is taken when
# the memory in use has come to rest. All pages are verified.
#
# Prints the table, and leaves it in the folder as table.txt, with the numbers in
# results. Documentation/density.rst tells how to read it. Installs what is missing if run
# as root, or prints the command that would.

# Functions are called through zsm_publish.
# shellcheck disable=SC2317
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

scripts_dir=$(realpath "${BASH_SOURCE[0]%/*}")
top=$(realpath "$scripts_dir/..")

algorithms='lz4 zstd'
kernel=6.12
corpora=
out=$top/build/density
total_mb=128
mb_each=16	# of a program
memory=1280	# of the VM: the corpus, two such devices, and in-tree's table for 100 GB

parse()
{
	zsm_parse "$@"
	zsm_no_args
	algorithms=${algorithms//,/ }
	[[ -z $corpora ]] || corpora=$(realpath -e "$corpora") || die -2 "no such folder"
	zsm_kernel_describe "$kernel"
	[[ $algorithms =~ ^[a-z0-9\ -]+$ ]] || usage_error "bad algorithms: $algorithms"
}

collect_corpora()
{
	"$scripts_dir/bench/collect.sh" "$1" "$mb_each"
}

# Puts all programs' pages into one file.
make_corpus()
{
	local files=()

	if [[ -z $corpora ]]; then
		corpora=$zsm_cache/corpora-$mb_each-$(sha256sum <"$scripts_dir/bench/collect.sh" | cut -c 1-12)
		zsm_publish "$corpora" collect_corpora
	fi
	mapfile -t files < <(find "$corpora" -name 'prog-*' -size +1M | LC_ALL=C sort)
	((${#files[@]} >= 5)) || die "pages of ${#files[@]} programs only in $corpora"
	cat "${files[@]}" | head -c $((total_mb << 20)) >"$work/corpus"
	printf '%s ' "${files[@]##*/prog-}" >"$work/programs"
}

# Shows how far it is, and keeps the results.
follow()
{
	local line

	: >"$work/results"
	while IFS= read -r line; do
		if [[ $line == @* ]]; then
			printf '%s\n' "${line:1}" >>"$work/results"
			zsm_progress "$(cut -d ' ' -f 2-4 <<<"$line")"
		else
			printf '%s\n' "$line" >&2
		fi
	done
	zsm_progress_end
}

run_guest()
{
	local built programs
	local -a names

	built=$("$scripts_dir/build-modules.sh" "$kernel")
	zsm_kernel_describe "$kernel"
	programs=$("$scripts_dir/tests/guest-programs.sh" --arch "${zsm_k[arch]}")
	read -ra names <<<"$algorithms"
	"$scripts_dir/vm/run.sh" --kernel "$kernel" --memory "$memory" --timeout 3600 \
		--disk "$work/corpus" --add "$built/zsm.ko" --add "$built/zram.ko" \
		--add "$programs/density" --add "$programs/knob" \
		--add "$scripts_dir/tests/guest/lib.sh" --add "$scripts_dir/tests/guest/memory.sh" \
		"$scripts_dir/density/guest.sh" "${names[@]}" | follow
}

# Bytes taken over bytes stored; of the empty device bytes; of time the second over the
# first.
print_table()
{
	local release page_kb

	zsm_kernel_describe "$kernel"
	page_kb=${zsm_k[page]}
	release=$(<"$(zsm_kernel "$kernel")/release")
	cat <<-END
		kernel: $release, in-tree zram and zsmalloc of it
		zsm: $(git -C "$top" log -1 --format='%h (%s)' -- ./*.[ch] zram core 2>/dev/null || echo unknown)
		date: $(date -u +%Y-%m-%d)
		pages: $(($(stat -c %s "$work/corpus") / 1024 / page_kb)) of $(<"$work/programs")

	END
	awk -v page_size=$((page_kb * 1024)) -f "$scripts_dir/density/table.awk" "$work/results"
}

main()
{
	local work

	parse "$@"
	"$scripts_dir/setup.sh" build vm bench
	zsm_tmpdir work
	make_corpus
	log "measuring in a VM that is emulated: speed means nothing here"
	run_guest
	mkdir -p "$out"
	cp "$work/results" "$out/results"
	print_table >"$out/table.txt"
	cat "$out/table.txt"
	log "results are in $out"
}

main "$@"
