#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# collect-pages.sh - make a file of real memory.
#
# usage: scripts/tests/collect-pages.sh [--print] [OUT [MB]]
#
#   OUT      the file to write; without it, one is kept in the cache
#   MB       its size (64)
#   --print  print the path of the file
#
# The pages are anonymous memory of programs that this script starts, lets grow,
# stops and kills: a C++ compiler, perl, awk, bash, sort, and python3 and node if
# there are any. No other process is looked at.

# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

here=$(realpath "${BASH_SOURCE[0]%/*}")
# shellcheck source=scripts/tests/programs.sh
. "$here/programs.sh"

# Weight of each kind of program; those that are missing leave theirs to others.
kinds=(compiler perl python node awk bash sort)
declare -A weight=([compiler]=30 [perl]=20 [python]=20 [node]=15 [awk]=10 [bash]=8 [sort]=5)

write_template_source()
{
	cat <<-'END'
		#include <algorithm>
		#include <functional>
		#include <iostream>
		#include <map>
		#include <random>
		#include <regex>
		#include <string>
		#include <tuple>
		#include <unordered_map>
		#include <variant>
		#include <vector>

		template <int N> struct record {
			std::map<int, std::tuple<std::string, std::vector<record<N - 1>>>> parts;
			std::unordered_map<std::string, std::variant<int, double, std::string>> names;
			std::function<bool(const std::string &)> match = [](const std::string &s) {
				return std::regex_match(s, std::regex("a+b*" + std::to_string(N)));
			};
		};

		template <> struct record<0> {};

		template <int N> int use()
		{
			record<N> r;
			std::vector<std::string> v(N, "text");

			r.names["x"] = N;
			std::sort(v.begin(), v.end(), [](auto &a, auto &b) { return a.size() < b.size() + N; });
			std::cout << r.parts.size() << r.match(v.front()) << '\n';
			return use<N - 1>();
		}

		template <> int use<0>() { return 0; }

		int main() { return use<200>(); }
	END
}

# command_KIND - sets command. The program goes on growing until it is stopped.

command_compiler()
{
	local cc1plus

	cc1plus=$(g++ -print-prog-name=cc1plus)
	write_template_source >"$work/source.cc"
	command=("$cc1plus" -quiet -O1 -D_GNU_SOURCE "$work/source.cc" -o /dev/null
		-imultiarch "$(g++ -print-multiarch)")
}

command_awk()
{
	# shellcheck disable=SC2016 # it is awk that expands these
	command=(awk '
		{
			for (i = 1; i <= NF; i++)
				where[$i, FNR % 97 + ARGIND] = where[$i, FNR % 97 + ARGIND] FILENAME ":" FNR " "
			line[NR] = $0
		}' "${text_files[@]}" "${text_files[@]}" "${text_files[@]}" /dev/zero)
}

command_sort()
{
	command=(sort -S 512M "${text_files[@]}" "${text_files[@]}" -)
}

# collect_kind KIND PAGES - appends to $work/pages, prints how many it was: 0 if
# there is no such program.
collect_kind()
{
	local kind=$1 pages=$2 command=()

	"command_$kind"
	if ! command -v "${command[0]}" >/dev/null; then
		echo 0
		return
	fi
	# Half as much again as is wanted, so that not every page is taken.
	{ "$work/collect" "$pages" $((pages * 6)) 4 "${command[@]}" >>"$work/pages"; } 2>&1
}

collect_all()
{
	local left=$1 kind weights=0 got

	for kind in "${kinds[@]}"; do
		weights=$((weights + weight[$kind]))
	done
	for kind in "${kinds[@]}" compiler perl; do
		zsm_progress "collecting memory of $kind"
		((left > 0)) || break
		got=$(collect_kind "$kind" $((weights > 0 ? left * weight[$kind] / weights : left)))
		left=$((left - got))
		weights=$((weights - weight[$kind]))
	done
	((left <= 0)) || die "could not collect enough memory: $left pages are missing"
}

make_corpus()
{
	local dir=$1 mb=$2 work text_files

	work=$dir/work
	mkdir "$work"
	mapfile -t text_files < <(texts)
	zsm_quietly cc -O2 -o "$work/collect" "$here/collect.c"
	: >"$work/pages"
	collect_all $((mb * 1024 * 1024 / $(getconf PAGESIZE)))
	mv "$work/pages" "$dir/pages"
	rm -r "$work"
}

main()
{
	local print='' out mb tree

	zsm_parse "$@"
	out=${zsm_args[0]-} mb=${zsm_args[1]-64}
	[[ $mb =~ ^[0-9]+$ ]] || die -2 "bad size: $mb"
	zsm_need build cc g++
	tree=$zsm_cache/corpus-$mb
	zsm_publish "$tree" make_corpus "$mb"
	[[ -z $out ]] || cp -- "$tree/pages" "$out"
	[[ -z $print ]] || printf '%s\n' "$tree/pages"
}

main "$@"
