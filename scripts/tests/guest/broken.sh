# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of lib.sh
#
# broken.sh - pages of a pool are declared broken.

# shellcheck source=scripts/tests/guest/lib_movable.sh
. "$here/lib_movable.sh"

corrupted()
{
	echo $(($(meminfo HardwareCorrupted) * 1024 / page_size))
}

# declare_broken WHICH N - N pages of the pool.
declare_broken()
{
	local pfn done=0

	pool_pages_of "$first" "$second" >"$scratch/pages"
	echo "$(wc -l <"$scratch/pages") pages of the pool, of $(wc -l <"$scratch/before") that may be"
	while read -r pfn; do
		printf '0x%x\n' $((pfn * page_size)) >"$memory/$1" 2>/dev/null || true
		((++done < $2)) || break
	done <"$scratch/pages"
	equal "pages declared broken" "$done" "$2"
}

# A page that has errors which could be corrected: what is on it moves.
test_soft_broken()
{
	local before first second

	start_movable
	before=$(corrupted)
	declare_broken soft_offline_page 64
	between "pages that were retired" $(($(corrupted) - before)) 32 64
	verify 1
	fill 2
	verify 2
	unload
}

# The pool keeps a few pages for what it counts; none of them is among the broken.
not_in_use()
{
	(($(pool_pages) < 64))
}

# A page that has errors which could not. It holds what it did, as nothing really broke;
# the pool must give it back to nobody.
test_hard_broken()
{
	local before first second

	start_movable
	before=$(corrupted)
	declare_broken hard_offline_page 64
	equal "pages known as broken" $(($(corrupted) - before)) 64
	verify 1
	# Objects go and come, which empties pages and wants others.
	fill 2
	verify 2
	blkdiscard /dev/zram0
	eventually 20 not_in_use
	fill 3
	verify 3
	equal "pages known as broken" $(($(corrupted) - before)) 64
	unload
}
