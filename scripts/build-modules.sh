#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# build-modules.sh - build the modules for a kernel.
#
# usage: scripts/build-modules.sh [--sparse] [--kunit] KERNEL
#        scripts/build-modules.sh --kdir KDIR [MAKE-ARGUMENT...]
#
#   --sparse     print what sparse finds in the C, and nothing else
#   --kunit      build the suites of kunit/ beside the modules, in another folder
#   --kdir KDIR  for the kernel whose build tree this is
#
# KERNEL is a name of scripts/kernel/table. The build has a folder of its own under
# build/, so that several kernels can be built for at once and again: it holds links to
# the sources. It is made with W=1, and a warning is a failure. Prints the folder that
# holds zsm.ko, zram.ko and the others; what the build printed is in its build.log.

# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

top=$(realpath "$(dirname "${BASH_SOURCE[0]}")/..")
sparse=''
kunit=''
kdir=''
tools=''		# another release's, that the kernel has to be built with

# Links every source into the folder, and removes links to what has gone.
link_sources()
{
	local dir=$1 file files

	find "$dir" -xtype l -delete
	mapfile -t files < <(zsm_module_sources "$top"; cd "$top" && find Documentation/examples -type f &&
		{ [[ -z $kunit ]] || find kunit -type f; })
	printf '%s\n' "${files[@]}" | sed -n 's,/[^/]*$,,p' | sort -u | (cd "$dir" && xargs mkdir -p)
	for file in "${files[@]}"; do
		[[ -L $dir/$file && $dir/$file -ef $top/$file ]] || ln -sfn "$top/$file" "$dir/$file"
	done
}

# run_sparse KDIR DIR - over all C of what is built there.
run_sparse()
{
	zsm_with_tools "$tools" make -C "$1" M="$2" W=1 C=2 modules >"$2/sparse.log" 2>&1 || {
		cat "$2/sparse.log" >&2
		die "sparse cannot run"
	}
	grep -E '(warning|error):' "$2/sparse.log" | sed "s,^$2/,," || true
}

build()
{
	local kdir=$1 dir=$2
	shift 2

	mkdir -p "$dir"
	exec {lock}>"$dir/.lock"
	flock "$lock"
	link_sources "$dir"
	if ! zsm_with_tools "$tools" make -j"$(nproc)" -C "$kdir" M="$dir" W=1 ZSM_EXAMPLES=1 "$@" modules \
	     >"$dir/build.log" 2>&1; then
		cat "$dir/build.log" >&2
		die "the modules do not build (log: $dir/build.log)"
	fi
	if grep -q 'warning:' "$dir/build.log"; then
		grep -A5 'warning:' "$dir/build.log" >&2
		# The next build has to come to the same place.
		zsm_with_tools "$tools" make -C "$kdir" M="$dir" "$@" clean >/dev/null
		die "the modules build with warnings (log: $dir/build.log)"
	fi
	if [[ -n $sparse ]]; then
		run_sparse "$kdir" "$dir"
	else
		echo "$dir"
	fi
}

zsm_parse "$@"
if [[ -n $kdir ]]; then
	release=$(make -s -C "$kdir" "${zsm_args[@]}" kernelrelease)
	build "$kdir" "$top/build/$release" "${zsm_args[@]}"
	exit
fi
((${#zsm_args[@]} == 1)) || usage_error "for which kernel?"
kernel=$(zsm_kernel "${zsm_args[0]}")
dir=$top/build/$(<"$kernel/release")
tools=$(zsm_kernel_tools "${zsm_args[0]}")
mapfile -t arguments < <(zsm_kernel_make_arguments "${zsm_args[0]}")
if [[ -n $kunit ]]; then
	build "$kernel/build" "$dir-kunit" "${arguments[@]}" ZSM_KUNIT=1
else
	build "$kernel/build" "$dir" "${arguments[@]}"
fi
