#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# command-line.sh - test zsmctl as people and programs call it, on recorded machines.
#
# usage: command-line.sh ZSMCTL
#
# The recordings are trees/NAME.tree, by record.sh. JSON is read by Python's parser and
# Prometheus' format by that of prometheus_client, so that nothing of zsmctl's judges
# itself. Prints what is wrong, and at last `N passed, N failed'.

set -euo pipefail

zsmctl=$(realpath "$1")
here=$(dirname "$(realpath "$0")")
work=$(mktemp -d)
trap 'chmod -R u+rwX "$work" && rm -rf "$work"' EXIT
passed=0
failed=0

# ends STATUS ARGUMENT... - what it prints is in $work/out and $work/err.
ends()
{
	local want=$1 status=0

	shift
	"$zsmctl" "$@" >"$work/out" 2>"$work/err" || status=$?
	((status == want)) || {
		echo "ended with $status, not $want: zsmctl $*"
		cat "$work/out" "$work/err"
		return 1
	}
}

# says FILE TEXT... - in this order.
says()
{
	local file=$work/$1 text rest

	# A sentence may be broken anywhere.
	rest=$(tr -s ' \n' '  ' <"$file")
	shift
	for text; do
		[[ $rest == *"$text"* ]] || {
			echo "it does not say '$text' in:"
			cat "$file"
			return 1
		}
		rest=${rest#*"$text"}
	done
}

# one_line - on stderr, and nothing else anywhere.
one_line()
{
	[[ ! -s $work/out && $(wc -l <"$work/err") == 1 && $(<"$work/err") == 'zsmctl: '* ]] || {
		echo "this is not one line on stderr:"
		cat "$work/out" "$work/err"
		return 1
	}
}

# play NAME - makes the machine of a recording, $root.
play()
{
	root=$work/$1
	"$here/play.py" "$here/trees/$1.tree" "$root"
}

# python TEXT - with `state', which is what --json has printed.
python()
{
	/usr/bin/python3 -c "import json, sys
state = json.load(open('$work/out'))
device = state['devices'][0] if state['devices'] else None
$1" || { echo "of the JSON this does not hold: $1"; cat "$work/out"; return 1; }
}

# metrics TEXT - with `value', which answers a sample of what --prometheus has printed.
metrics()
{
	/usr/bin/python3 -c "from prometheus_client.parser import text_string_to_metric_families as parse
samples = {}
for family in parse(open('$work/out').read()):
    assert family.documentation, family.name
    assert family.type in ('gauge', 'counter'), family.name
    for s in family.samples:
        key = (s.name, tuple(sorted(s.labels.items())))
        assert key not in samples, key
        samples[key] = s.value
def value(name, **labels):
    return samples[(name, tuple(sorted(labels.items())))]
$1" || { echo "of the metrics this does not hold: $1"; cat "$work/out"; return 1; }
}

for file in "$here"/case_*.sh; do
	# shellcheck source=/dev/null
	. "$file"
done

for name in $(declare -F | sed -n 's/^declare -f test_//p'); do
	if said=$("test_$name" 2>&1); then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		printf -- '--- %s failed\n%s\n' "$name" "$said"
	fi
done
echo "$passed passed, $failed failed"
((passed && !failed))
