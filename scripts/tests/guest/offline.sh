# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of lib.sh
#
# offline.sh - memory that holds pages of a pool is taken offline.

# shellcheck source=scripts/tests/guest/lib_movable.sh
. "$here/lib_movable.sh"

# The pages of a pool go elsewhere, again and again, while others are written. Before any
# page is broken: a block that has one does not come online again. OFFLINE_ROUNDS says how
# often.
test_many_times()
{
	local round rounds=${OFFLINE_ROUNDS:-20} block gen=1 moved=0 at before first second
	local quarter=$((pages / 4))

	start_movable
	for ((round = 0; round < rounds; round++)); do
		((round % 2)) && block=$first || block=$second
		before=$(pool_pages_of "$block" | wc -l)
		moved=$((moved + before))
		timeout 60 bash -c "echo offline >$memory/memory$block/state" ||
			fail "round $round: block $block does not go offline with $before pages of the pool"
		if ((round % 10 == 9)); then
			verify $gen
		fi
		echo online_movable >"$memory/memory$block/state"
		# What is allocated anew comes from the block that is empty.
		if ((round % 10 == 9)); then
			gen=$((gen + 1))
			fill $gen
		else
			at=$((round % 4 * quarter))
			blkdiscard -o $((at * page_size)) -l $((quarter * page_size)) /dev/zram0
			raw --gen $gen --kind mixed --block 16 write /dev/zram0 $at $quarter
		fi
	done
	verify $gen
	echo "$moved pages of the pool were on blocks that went offline"
	((moved > rounds * 100)) || fail "only $moved pages had to move"
	unload
}
