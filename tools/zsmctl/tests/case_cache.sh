# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of command-line.sh
#
# case_cache.sh - read caches of recorded machines.

test_cache_is_listed()
{
	play cache-6.12
	ends 0 --root "$root" cache || return 1
	says out 'c: a read cache before /dev/vdd; compresses with lz4' 'holds ' ' to 1, with all that it takes' \
		'of blocks that were read it had' 'limited by memory: ' || return 1
	awk 'length > 80 { bad = 1 } END { exit bad }' "$work/out" || { echo "a line is too long"; return 1; }
	cp "$work/out" "$work/all"
	ends 0 --root "$root" cache list /dev/mapper/c && cmp "$work/all" "$work/out" || return 1
	ends 0 --root "$root" status && says out 'c: a read cache before /dev/vdd' || return 1
	ends 3 --root "$root" cache list d && one_line || return 1
}

test_cache_for_programs()
{
	local used

	play cache-6.12
	used=$(sed 's/.* used \([0-9]*\) .*/\1/' "$root/dmsetup/status")
	ends 0 --root "$root" status --json || return 1
	python "
cache = state['caches'][0]
assert cache['name'] == 'c' and cache['disk'] == '/dev/vdd' and cache['taken'] == $used
assert abs(cache['ratio'] - cache['held'] / $used) < 1e-9
assert 'memory-limit' in {f['name'] for f in cache['findings']}" || return 1
	ends 0 --root "$root" status --prometheus || return 1
	metrics "
assert value('zsm_cache_memory_bytes', cache='c') == $used
assert value('zsm_cache_hit_bytes_total', cache='c') > 0
assert value('zsm_finding', of='c', finding='memory-limit', severity='fact') == 1"
}

test_cache_watch_prints_a_line_an_interval()
{
	play cache-6.12
	ends 0 --root "$root" cache watch --interval 0.1 --count 2 || return 1
	[[ $(wc -l <"$work/out") == 3 && $(head -n 1 "$work/out") == 'CACHE '* ]] || return 1
	[[ $(tail -n 1 "$work/out") =~ ^c\ +.*\ +-$ ]] || { cat "$work/out"; return 1; }
	awk 'length > 80 { bad = 1 } END { exit bad }' "$work/out" || { echo "a line is too long"; return 1; }
}

test_cache_where_there_is_none()
{
	play ours-6.12
	ends 3 --root "$root" cache && one_line && says err 'no disk has a read cache' || return 1
	ends 3 --root "$root" cache watch && one_line || return 1
	ends 0 --root "$root" status --json && python 'assert state["caches"] == []'
}

test_cache_that_cannot_be_changed()
{
	local arguments

	play cache-6.12
	for arguments in 'cache attach' 'cache attach /dev/vdd' 'cache attach /dev/vdd lots' \
		'cache attach /dev/vdd 1K' 'cache detach' 'cache limit c' 'cache drop c' 'cache nonsense' \
		'cache watch --interval 0'; do
		read -ra arguments <<<"$arguments"
		ends 2 --root "$root" "${arguments[@]}" && one_line || return 1
	done
}
