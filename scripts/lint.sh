#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# lint.sh - look at the sources without running them.
#
# usage: scripts/lint.sh [--again] [LINTER]...
#
#   --again  also what has not changed since it was last found clean
#
# Without a LINTER, all of them:
#
#   sparse        the modules' C, against the headers of Debian's 6.12
#   checkpatch    all C, with the kernel's own script, in its strict mode
#   kernel_doc    that the headers' comments name every parameter and result
#   clang_format  all C++ is formatted as .clang-format has it
#   clang_tidy    the C++ of the modules, with the checks of .clang-tidy
#   shell         all scripts, with shellcheck
#   house         who includes whom, and how large files and structures are, with
#                 lint/house.sh
#
# Prints what is found, and then a line that sums up; fails if anything was found.
# A linter that finds nothing is not run again until a file that it reads changes.

# Functions are called by name.
# shellcheck disable=SC2317
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

scripts_dir=$(realpath "${BASH_SOURCE[0]%/*}")
top=${scripts_dir%/*}
linters=(sparse checkpatch kernel_doc clang_format clang_tidy shell house)
clang=14
again=''

# What a file's C is for: checkpatch thinks that all of it is the kernel's.
user_space='^(core|scripts/tests)/'
user_space_ignores=PREFER_KERNEL_TYPES,BIT_MACRO,ARRAY_SIZE,VOLATILE,AVOID_EXTERNS
user_space_ignores+=,PREFER_DEFINED_ATTRIBUTE_MACRO
# A list of facts, or a pair of keywords, is no expression.
user_space_ignores+=,COMPLEX_MACRO,MACRO_ARG_REUSE
# The only files that may know of versions; their macros define functions.
compat='^compat/'
compat_ignores=LINUX_VERSION_CODE,MACRO_WITH_FLOW_CONTROL

# They define a macro for each kind of row of a table, and then include the table.
tables='^(zram/knob/(settings|sysfs)|store/(codec|library|codec/list|codec/library))\.[ch]$'
tables_ignores=COMPLEX_MACRO,MACRO_ARG_REUSE,MACRO_ARG_UNUSED,TRAILING_SEMICOLON
tables_ignores+=,MULTISTATEMENT_MACRO_USE_DO_WHILE

# They export, for the suites beside them, what others define.
exports='^kunit/[a-z]+/[a-z]+_exports\.c$'

# --- files -------------------------------------------------------------------

# sources REGEX - the sources whose names match, but for what a build has made.
sources()
{
	(cd "$top" && find . \( -path ./.git -o -path ./build \) -prune -o -type f -print) |
		sed 's,^\./,,' | grep -v '\.mod\.c$' | grep -E "$1" | LC_ALL=C sort
}

files_sparse() { sources '\.[ch]$' | grep -v '^scripts/'; }
files_checkpatch() { sources '\.[ch]$'; }
files_kernel_doc() { sources '\.h$'; }
files_clang_format() { sources '^(core|tools)/.*\.(cc|hh)$'; }
files_clang_tidy() { sources '^core/.*\.(cc|hh|h)$' | grep -vE '^core/(tests|bench)/'; }

files_house() { sources '\.([ch]|cc|hh|sh|awk|py)$'; }

# By their first line, so that hooks and programs without a suffix are among them.
files_shell()
{
	local file first

	while read -r file; do
		IFS= read -r first <"$top/$file" || true
		[[ $file != *.sh && ! $first =~ ^'#!'.*[/\ ](ba)?sh($|\ ) ]] || echo "$file"
	done < <(sources '^(scripts|tools|\.ci)/')
}

# --- linters -----------------------------------------------------------------
#
# Each prints what it finds, of the files that files_LINTER lists.

lint_sparse()
{
	"$scripts_dir/build-modules.sh" --sparse 6.12
}

# spoken COMMAND... - what it has to say, which is something if it failed.
spoken()
{
	local said status=0

	said=$("$@" 2>&1) || status=$?
	((!status)) || [[ -n $said ]] || said="status $status from: $*"
	[[ -z $said ]] || printf '%s\n' "$said"
}

# in_copy COMMAND... - spoken, among copies of the C without what a member says of its
# lock: 6.12's scripts take that for a function.
in_copy()
{
	local copy

	copy=$(mktemp -d)
	cp "$top/.checkpatch.conf" "$copy"
	# checkpatch looks for names there.
	mkdir "$copy/include"
	sources '\.[ch]$' | (cd "$top" && xargs cp --parents -t "$copy")
	(cd "$copy" && sources '\.[ch]$' | xargs sed -i 's/ __guarded_by([^)]*)//' && spoken "$@")
	rm -rf "$copy"
}

# checkpatch DIR IGNORED FILE...
checkpatch()
{
	in_copy perl "$1/checkpatch.pl" --root=. --terse --quiet --no-summary --ignore "$2" --file "${@:3}"
}

lint_checkpatch()
{
	local dir user=() kernel=()

	dir=$("$scripts_dir/kernel/checkpatch.sh")
	mapfile -t user < <(files_checkpatch | grep -E "$user_space")
	mapfile -t kernel < <(files_checkpatch | grep -vE "$user_space|$exports|$compat|$tables")
	checkpatch "$dir" "$user_space_ignores" "${user[@]}"
	checkpatch "$dir" '' "${kernel[@]}"
	mapfile -t kernel < <(files_checkpatch | grep -E "$compat")
	checkpatch "$dir" "$compat_ignores" "${kernel[@]}"
	mapfile -t kernel < <(files_checkpatch | grep -E "$tables")
	checkpatch "$dir" "$tables_ignores" "${kernel[@]}"
	mapfile -t kernel < <(files_checkpatch | grep -E "$exports")
	checkpatch "$dir" EXPORT_SYMBOL "${kernel[@]}"
}

lint_kernel_doc()
{
	local kernel files=()

	kernel=$("$scripts_dir/kernel/debian.sh" 6.12)
	mapfile -t files < <(files_kernel_doc)
	in_copy perl "$kernel/build/scripts/kernel-doc" -none -Wall "${files[@]}"
}

lint_clang_format()
{
	local files=()

	mapfile -t files < <(files_clang_format)
	spoken zsm_with_tools "$clang_tools" "clang-format-$clang" --dry-run "${files[@]}"
}

# One translation unit of the modules.
tidy()
{
	local flags=(-std=c++20 -ffreestanding -fno-exceptions -fno-rtti "-I$top" -DZSM_PAGE_SHIFT=12)

	[[ $1 != *bmi2* ]] || flags+=(-mbmi -mbmi2 -mpopcnt)
	# On stderr it counts what it leaves out.
	spoken zsm_with_tools "$clang_tools" sh -c 'exec "$@" 2>/dev/null' sh "clang-tidy-$clang" --quiet "$top/$1" -- "${flags[@]}"
}

lint_clang_tidy()
{
	local file pids=()

	while read -r file; do
		tidy "$file" &
		pids+=($!)
		((${#pids[@]} < 2)) || { wait "${pids[0]}"; pids=("${pids[@]:1}"); }
	done < <(files_clang_tidy | grep '\.cc$')
	wait
}

# What a script's manual page names on its usage lines and does not tell of is no option:
# see lib/options.sh.
undescribed_options()
{
	awk 'FNR == 1 { page = 1; usage = 0; delete told }
		page && !/^#/ { page = 0 }
		page && /^# usage:/ { usage = 1; named = "" }
		page && usage && /^#$/ { usage = 0 }
		page && usage { named = named " " $0 }
		page && /^#   --[a-z]/ { told[$2] = 1 }
		/^[ \t]*zsm_parse "\$@"/ {
			n = split(named, word, /[^a-z-]+/)
			for (i = 1; i <= n; i++)
				if (word[i] ~ /^--[a-z]/ && !(word[i] in told))
					print FILENAME ": " word[i] " is in the usage and nowhere else"
		}' "$@"
}

lint_shell()
{
	local files=()

	mapfile -t files < <(files_shell)
	undescribed_options "${files[@]}"
	spoken shellcheck -x -P "$top" "${files[@]}"
}

lint_house()
{
	spoken "$scripts_dir/lint/house.sh" --self-test | grep -v ' 0 failed$' || true
	spoken "$scripts_dir/lint/house.sh"
}

# --- running them ------------------------------------------------------------

# fingerprint LINTER - of all that its verdict depends on.
fingerprint()
{
	{
		cat "$scripts_dir/lint.sh" "$top"/{.clang-format,.clang-tidy,.checkpatch.conf}
		cd "$top" && "files_$1" | xargs sha256sum
		[[ $1 != sparse ]] || "$scripts_dir/kernel/debian.sh" 6.12
		dpkg-query -W "${packages[@]}"
	} | sha256sum | cut -c1-32
}

# run LINTER - prints what it finds, and counts it. Never in a condition, so that one
# that cannot run ends the script.
run()
{
	local stamp found

	stamp=$zsm_cache/lint/$1.$(fingerprint "$1")
	if [[ -z $again && -e $stamp ]]; then
		touch "$stamp"
		clean=$((clean + 1))
		return
	fi
	zsm_progress "$1"
	found=$(cd "$top" && "lint_$1")
	zsm_progress_end
	if [[ -n $found ]]; then
		printf '%s\n' "--- $1" "$found"
		dirty=$((dirty + 1))
		return
	fi
	clean=$((clean + 1))
	mkdir -p "${stamp%/*}"
	: >"$stamp"
	find "${stamp%/*}" -type f -mtime +30 -delete
}

packages=(sparse shellcheck perl)

main()
{
	local linter wanted=() clean=0 dirty=0 clang_tools

	zsm_mixed=1
	zsm_parse "$@"
	for linter in "${zsm_args[@]}"; do
		[[ " ${linters[*]} " == *" $linter "* ]] || usage_error "no linter $linter"
		wanted+=("$linter")
	done
	((${#wanted[@]})) || wanted=("${linters[@]}")
	clang_tools=$(zsm_tools bookworm clang)
	if [[ -z $clang_tools ]]; then
		packages+=("clang-format-$clang" "clang-tidy-$clang")
	fi
	zsm_need lint "${packages[@]}"
	for linter in "${wanted[@]}"; do
		run "$linter"
	done
	echo "$clean passed, $dirty failed"
	((!dirty))
}

main "$@"
