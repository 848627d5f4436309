#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# collect.sh - make the corpora that codecs are measured with.
#
# usage: scripts/bench/collect.sh OUT [MB]
#
#   OUT  the folder to make
#   MB   size of each corpus (12)
#
# Writes a file of pages for each corpus:
#
#   prog-NAME  anonymous memory of a program that this script starts, lets grow,
#              stops and kills: python3, node, cc1plus, perl, java, sqlite3,
#              redis-server, bash. What is not installed is left out, and said so.
#   text       C++ headers
#   code       the machine code of large programs and libraries
#   random     incompressible pages
#   zero       pages of zeroes
#
# No process is looked at but those started here.

# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

here=$(realpath "${BASH_SOURCE[0]%/*}")
# shellcheck source=scripts/tests/programs.sh
. "$here/../tests/programs.sh"

programs=(python node compiler perl java sqlite redis bash)

# How much a program has to grow, KB: more than is taken, so that what is taken
# comes from all over it.
grow_kb=$((80 * 1024))
grow_seconds=40

# command_NAME - sets command. The program goes on growing, or waits.

command_compiler()
{
	cat >"$work/source.cc" <<-'END'
		#include <functional>
		#include <iostream>
		#include <map>
		#include <random>
		#include <regex>
		#include <string>
		#include <unordered_map>
		#include <variant>
		#include <vector>

		template <int N> struct record {
			std::map<int, std::vector<record<N - 1>>> parts;
			std::unordered_map<std::string, std::variant<int, double, std::string>> names;
			std::function<bool(const std::string &)> match = [](const std::string &s) {
				return std::regex_match(s, std::regex("a+b*" + std::to_string(N)));
			};
		};
		template <> struct record<0> {};

		template <int N> int use()
		{
			record<N> r;
			r.names["x"] = N;
			std::cout << r.parts.size() << r.match("text") << '\n';
			return use<N - 1>();
		}
		template <> int use<0>() { return 0; }

		int main() { return use<200>(); }
	END
	command=("$(g++ -print-prog-name=cc1plus)" -quiet -O1 -D_GNU_SOURCE
		-imultiarch "$(g++ -print-multiarch)" "$work/source.cc" -o /dev/null)
}

command_java()
{
	cat >"$work/Grow.java" <<-'END'
		import java.nio.file.*;
		import java.util.*;

		class Grow {
			record Place(String file, int line, int round) {}

			public static void main(String[] files) throws Exception {
				Map<String, List<Place>> index = new HashMap<>();
				for (int round = 0; ; round++)
					for (String file : files) {
						int n = 0;
						for (String line : Files.readAllLines(Path.of(file), java.nio.charset.StandardCharsets.ISO_8859_1)) {
							n++;
							for (String word : line.split("\\W+"))
								index.computeIfAbsent(word + round % 7, w -> new ArrayList<>())
									.add(new Place(file, n, round));
						}
					}
			}
		}
	END
	command=(java -Xmx1g "$work/Grow.java" "${text_files[@]}")
}

command_sqlite()
{
	cat >"$work/fill.sql" <<-'END'
		CREATE TABLE orders(id INTEGER PRIMARY KEY, customer TEXT, amount REAL, placed TEXT, note TEXT);
		CREATE INDEX by_customer ON orders(customer, placed);
		WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n WHERE i < 100000000)
		INSERT INTO orders SELECT i, 'customer ' || abs(random() % 5000), abs(random() % 100000) / 100.0,
			date(1700000000 + i * 37, 'unixepoch'),
			CASE i % 3 WHEN 0 THEN 'paid in full' WHEN 1 THEN 'open since ' || i ELSE hex(randomblob(6)) END FROM n;
	END
	command=(sqlite3 :memory: ".read $work/fill.sql")
}

command_redis()
{
	cat >"$work/fill.lua" <<-'END'
		for i = 1, 40000 do
			redis.call('HSET', 'user:' .. i, 'name', 'name of ' .. i * 7919 % 40000, 'visits', i % 97, 'seen', 1700000000 + i * 31)
			redis.call('ZADD', 'ranking', i * 7919 % 10007, 'user:' .. i)
			redis.call('SET', 'session:' .. redis.sha1hex(i), '{"user":' .. i .. ',"cart":[' .. i % 13 .. ',' .. i % 7 .. '],"lang":"en"}')
			redis.call('RPUSH', 'queue:' .. i % 100, 'job ' .. i)
		end
	END
	# shellcheck disable=SC2016 # it is the shell that expands these
	command=(sh -c '
		(for _ in 1 2 3 4 5 6 7 8 9 10; do
			redis-cli -s "$1/redis" --eval "$1/fill.lua" && break
			sleep 1
		done) &
		exec redis-server --port 0 --unixsocket "$1/redis" --save "" --dir "$1"' sh "$work")
}

# command_name NAME - the program a command starts.
program_of()
{
	case $1 in
	redis) echo redis-server ;;
	sqlite) echo sqlite3 ;;
	python) echo python3 ;;
	compiler) g++ -print-prog-name=cc1plus ;;
	*) echo "$1" ;;
	esac
}

collect_program()
{
	local name=$1 kb=$grow_kb command=() got

	if ! command -v "$(program_of "$name")" >/dev/null; then
		log "$name is not installed; left out"
		return
	fi
	zsm_progress "collecting memory of $name"
	"command_$name"
	# It comes to rest at some 40 MB.
	[[ $name != redis ]] || kb=$((36 * 1024))
	got=$({ "$work/collect" "$pages" "$kb" "$grow_seconds" "${command[@]}" >"$out/prog-$name"; } 2>&1)
	((got > 0)) || rm "$out/prog-$name"
	((got >= pages)) || log "$name: only $got of $pages pages"
}

# The first so many bytes of what comes in; the rest is not wanted.
take()
{
	head -c "$bytes" >"$1"
}

make_text()
{
	find /usr/include/c++ /usr/include -type f -name '*.h*' -size +4k | LC_ALL=C sort |
		xargs -d '\n' cat 2>/dev/null | take "$out/text" || true
}

# The .text sections of the largest objects there are, up to 4 MB of each.
make_code()
{
	local file

	: >"$work/code"
	while read -r file; do
		(($(stat -c %s "$work/code") < bytes)) || break
		objcopy -O binary -j .text "$file" "$work/text-section" 2>/dev/null || continue
		head -c $((4 << 20)) "$work/text-section" >>"$work/code"
	done < <({ find /usr/lib /usr/bin -type f \( -name '*.so*' -o -perm -100 \) -size +1M \
		-printf '%s %p\n' | LC_ALL=C sort -rn | awk '{ print $2 }' | head -n 40 |
		shuf --random-source=/bin/sh; } 2>/dev/null)
	take "$out/code" <"$work/code"
}

main()
{
	local name out work pages bytes text_files

	zsm_parse "$@"
	((${#zsm_args[@]})) || usage_error "which folder?"
	out=${zsm_args[0]}
	bytes=$((${zsm_args[1]-12} << 20))
	pages=$((bytes / $(getconf PAGESIZE)))
	zsm_need bench cc g++ objcopy
	mkdir -p "$out"
	zsm_tmpdir work
	cc -O2 -o "$work/collect" "$here/../tests/collect.c"
	mapfile -t text_files < <(texts)
	for name in "${programs[@]}"; do
		collect_program "$name"
	done
	make_text
	make_code
	head -c "$bytes" /dev/urandom >"$out/random"
	head -c "$bytes" /dev/zero >"$out/zero"
}

main "$@"
