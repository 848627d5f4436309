# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of lib.sh
#
# kinds.sh - devices on pools of pairs and of triples, and the example of a third user.

sys=/sys/block/zram0

only_ours()
{
	[[ $modules == ours ]] || skip "the in-tree driver has nothing of the kind"
}

test_knob()
{
	only_ours
	load
	equal "pool at first" "$(<$sys/pool)" '[classes] pairs triples'
	rejects_all $sys/pool 'EINVAL' $sys/pool zbud pair $'\n' 2 'pairs triples' "$(repeated x 4000)"
	accepts $sys/pool triples
	equal pool "$(<$sys/pool)" 'classes pairs [triples]'
	set_up 0 '' 16M
	rejects EBUSY $sys/pool pairs
	equal "pool of a device with a size" "$(<$sys/pool)" 'classes pairs [triples]'
	reset_device 0
	equal "pool after reset" "$(<$sys/pool)" '[classes] pairs triples'
	unload
}

# A column of debugfs's table.
column()
{
	awk -v name="$1" '
		NR == 1 { sub(/^#/, ""); for (i = 1; i <= NF; i++) if ($i == name) c = i; next }
		{ print $c }' /sys/kernel/debug/zsm/zram0/buddies
}

# device_on KIND PER_PAGE - writes, overwrites, drops, moves and verifies pages.
device_on()
{
	local dev=/dev/zram0 pages=4096 used

	only_ours
	load
	accepts $sys/pool "$1"
	set_up 0 lz4 64M
	head -c $((pages * page_size)) "$corpus" >"$scratch/pages"
	dd if="$scratch/pages" of=$dev bs=64k oflag=direct status=none
	cmp -n $((pages * page_size)) $dev "$scratch/pages"
	equal per_page "$(column per_page)" "$2"
	between "objects a page x 100" $(($(column objects) * 100 / $(column pages))) 100 $((100 * $2))
	# Over what is there, in an order that is another's.
	dd if="$scratch/pages" of=$dev bs=4k oflag=direct status=none
	cmp -n $((pages * page_size)) $dev "$scratch/pages"
	# Three in four go, in pieces; what is left comes together.
	used=$(stat_of 0 used)
	for ((i = 0; i < pages; i += 64)); do
		blkdiscard -o $((i * page_size)) -l $((48 * page_size)) $dev
	done
	accepts $sys/compact 1
	between "bytes used after three in four are gone" "$(stat_of 0 used)" 1 $((used / 2))
	for ((i = 0; i < pages; i += 64)); do
		cmp -i $(((i + 48) * page_size)) -n $((16 * page_size)) $dev "$scratch/pages"
	done
	echo "$(column objects) objects in $(column pages) pages, $(column slid) slid, $(column moved) moved"
	reset_device 0
	unload
}

test_pairs()
{
	device_on pairs 2
}

test_triples()
{
	device_on triples 3
}

# dense_on KIND PER_PAGE PERCENT - after four times as many random writes as there are slots,
# of pages of programs, the pool takes so many percent of the fewest pages that could hold
# what is there. Sets objects and pages.
dense_on()
{
	local bytes fewest

	only_ours
	load
	accepts $sys/pool "$1"
	set_up 0 lz4 32M
	head -c 32M "$corpus" >"$scratch/pages"
	printf '%s\n' fill 'overwrite 4' verify | "$here/density" /dev/zram0 "$scratch/pages"
	objects=$(column objects) pages=$(column pages)
	bytes=$((pages * page_size - $(column unused)))
	fewest=$(((objects + $2 - 1) / $2))
	((fewest * page_size > bytes)) || fewest=$(((bytes + page_size - 1) / page_size))
	echo "$objects objects of $((bytes / objects)) bytes in $pages pages, at best $fewest"
	between "pages, percent of the fewest" $((pages * 100 / fewest)) 100 "$3"
	reset_device 0
	unload
}

test_dense_pairs()
{
	local objects pages

	dense_on pairs 2 105
}

test_dense_triples()
{
	local objects pages

	dense_on triples 3 104
	between "objects a page x 100" $((objects * 100 / pages)) 230 300
}

# What Documentation/users.rst shows works as it says.
test_example()
{
	only_ours
	insmod "$here/zsm.ko"
	insmod "$here/zsm_example.ko"
	equal notes "$(</sys/module/zsm_example/parameters/notes)" 1000
	fails rmmod zsm 2>&1
	rmmod zsm_example
	rmmod zsm
}
