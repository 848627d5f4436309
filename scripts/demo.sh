#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# demo.sh - watch real memory being swapped to /dev/zram0, and verified.
#
# usage: scripts/demo.sh [--algorithm A] [--kernel K] [--memory MB]
#
#   --algorithm A  lz4 (the default), w64, w64hc, lz4hc, zstd, lzo, lzo-rle or deflate
#   --kernel K     a stock Debian kernel of scripts/kernel/table, 6.12 by default
#   --memory MB    of the VM, 256 by default
#
# $ALGORITHM, $KERNEL and $MEMORY do the same. Installs what is missing if run as
# root, or prints the command that would. Then fetches the kernel, builds both
# modules for it, boots it in a VM of little memory, and swaps twice as much as is
# free there. The exit status is 0 only if every page came back as it was and the
# kernel had nothing to complain about.

# Functions are called through zsm_exit_hook.
# shellcheck disable=SC2317
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

scripts_dir=$(realpath "${BASH_SOURCE[0]%/*}")

algorithm=${ALGORITHM:-lz4}
kernel=${KERNEL:-6.12}
memory=${MEMORY:-256}

parse()
{
	zsm_parse "$@"
	zsm_no_args
	case $algorithm in
	lz4 | w64 | w64hc | lz4hc | zstd | lzo | lzo-rle | deflate) ;;
	*) die -2 "unknown algorithm '$algorithm'; there are lz4, w64, w64hc, lz4hc, zstd, lzo, lzo-rle and deflate" ;;
	esac
	zsm_kernel_describe "$kernel"
	[[ $memory =~ ^[1-9][0-9]{2,5}$ && $memory -ge 192 ]] ||
		die -2 "bad memory size '$memory'; it is a number of MB, 192 or more"
}

# --- getting ready -----------------------------------------------------------

children=()	# processes that end with this one

# step NAME COMMAND... - runs it in the background; its stdout goes to $work/NAME.
step()
{
	local name=$1

	shift
	"$@" >"$work/$name" 2>"$work/$name.err" </dev/null &
	children+=($!)
	step_name[$!]=$name
}

# Waits for all steps; shows what one that failed had to say.
finish_steps()
{
	local pid

	for pid in "${children[@]}"; do
		wait "$pid" || {
			cat "$work/${step_name[$pid]}.err" >&2
			die "could not prepare: ${step_name[$pid]}"
		}
	done
	children=()
	zsm_progress_end
}

stop_children()
{
	((!${#children[@]})) || kill "${children[@]}" 2>/dev/null
}

prepare()
{
	local -a step_name=()

	log "preparing Linux $kernel, the modules, and a VM"
	zsm_progress "fetching and building; the first time this takes a minute or two"
	step modules "$scripts_dir/build-modules.sh" "$kernel"
	step system "$scripts_dir/vm/rootfs.sh" --print --arch "${zsm_k[arch]}"
	step pages "$scripts_dir/tests/collect-pages.sh" --print
	step programs "$scripts_dir/tests/guest-programs.sh" --arch "${zsm_k[arch]}"
	finish_steps
}

# --- the VM ------------------------------------------------------------------

# bar DONE TOTAL - a bar of 30 characters and a percentage.
bar()
{
	local width=30 full dots

	full=$(($1 * width / $2))
	printf -v dots '%*s' "$width" ''
	dots=${dots// /.}
	printf '[%s%s] %3d%%' "$(printf '%*s' "$full" '' | tr ' ' '#')" "${dots:full}" $(($1 * 100 / $2))
}

# Shows what the VM prints; progress becomes a bar on a terminal, and one line for
# each pass elsewhere.
render()
{
	local line word pass count shown='' what

	while IFS= read -r line; do
		if [[ $line != @progress* ]]; then
			zsm_progress_end
			printf '%s\n' "$line"
			continue
		fi
		read -r word word pass count <<<"$line"
		what="verifying, pass ${pass/\// of } ($word)"
		[[ $word != fill ]] || what=filling
		if [[ $what != "$shown" && ! -t 2 ]]; then
			printf '  %s\n' "$what"
			shown=$what
		fi
		zsm_progress "$(printf '%-32s %s' "$what" "$(bar "${count%/*}" "${count#*/}")")"
	done
	zsm_progress_end
}

boot()
{
	exec "$scripts_dir/vm/run.sh" --kernel "$kernel" --memory "$memory" --timeout 900 \
		--add "$(<"$work/modules")/zsm.ko" --add "$(<"$work/modules")/zram.ko" \
		--add "$(<"$work/pages")=pages" --add "$(<"$work/programs")/swapper" \
		"$scripts_dir/demo/guest.sh" "$algorithm"
}

demonstrate()
{
	local vm

	exec {vm}< <(boot)
	children=($!)
	render <&"$vm"
	wait "${children[0]}"
}

main()
{
	local work groups status=0 start=$SECONDS

	parse "$@"
	groups=(build vm)
	[[ ${zsm_k[arch]} == amd64 ]] || groups+=("${zsm_k[arch]}")
	"$scripts_dir/setup.sh" "${groups[@]}"
	zsm_tmpdir work
	zsm_exit_hook=stop_children
	prepare
	log "booting Linux $kernel with $memory MB under QEMU, which emulates it: speed means nothing here"
	demonstrate || status=$?
	((!status)) || die -"$status" "the demo failed"
	log "all pages were right, the kernel had nothing to complain about, both modules are gone again ($((SECONDS - start)) s)"
}

main "$@"
