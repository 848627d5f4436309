# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of lib.sh
#
# compact.sh - memory is given back, by objects that are moved and by pages that are
# moved, and no page of the device is the worse for it.

sys=/sys/block/zram0

# What density.c has to answer is checked here.
tell()
{
	local answer

	echo "$*" >&"${density[1]}"
	read -r answer <&"${density[0]}" || fail "density ended at: $*"
	matches "density's answer to '$*'" "$answer" 'ok [0-9]+'
}

# A quarter of a device's pages, thinly spread; does not compact itself.
begin_sparse()
{
	load
	head -c $((24 << 20)) "$corpus" >"$scratch/pages"
	set_up 0 lz4 48M
	accepts $sys/compact_waste 0
	coproc density { exec "$here/density" /dev/zram0 "$scratch/pages"; }
	background+=("$density_PID")
	read -r _ <&"${density[0]}"
	tell fill
	tell free 75
	sparse_used=$(stat_of 0 used)
}

# It is gone before the modules are.
end_sparse()
{
	kill "$density_PID"
	wait "$density_PID" 2>/dev/null || true
	unload
}

# used_below PERCENT - of what is stored. Beside the objects there are the slots, which are
# 4 %, the pool itself, which is 2 %, and a last page of each class unless it is merged.
used_below()
{
	(($(stat_of 0 used) * 100 < $(stat_of 0 compressed) * $1))
}

# A column of debugfs's table, summed up.
class_sum()
{
	awk -v name="$1" '
		NR == 1 { sub(/^#/, ""); for (i = 1; i <= NF; i++) if ($i == name) column = i; next }
		{ n += $column }
		END { print n + 0 }' /sys/kernel/debug/zsm/zram0/classes
}

only_ours()
{
	[[ $modules == ours ]] || skip "the in-tree driver has nothing of the kind"
}

test_knob()
{
	only_ours
	load
	equal "compact_waste at first" "$(<$sys/compact_waste)" 1
	for text in 0 100 5; do
		accepts $sys/compact_waste $text
		equal compact_waste "$(<$sys/compact_waste)" $text
	done
	set_up 0 '' 8M
	accepts $sys/compact_waste 7
	for text in 101 256 -1 junk 1.5 '5 5'; do
		rejects EINVAL $sys/compact_waste "$text"
	done
	equal compact_waste "$(<$sys/compact_waste)" 7
	reset_device 0
	equal "compact_waste after reset" "$(<$sys/compact_waste)" 1
	unload
}

test_by_hand()
{
	begin_sparse
	accepts $sys/compact 1
	used_below 115 || fail "compacting left $(stat_of 0 used) bytes for $(stat_of 0 compressed)"
	between "pages compacted" "$(stat_of 0 compacted)" 100 100000
	tell verify
	end_sparse
}

# With the knob at 0 nothing happens; above, what is wasted goes without a word.
test_by_itself()
{
	only_ours
	begin_sparse
	sleep 3
	equal "mem_used_total" "$(stat_of 0 used)" "$sparse_used"
	equal "pages compacted" "$(stat_of 0 compacted)" 0
	accepts $sys/compact_waste 2
	eventually 30 used_below 120
	tell verify
	between "pages compacted" "$(stat_of 0 compacted)" 100 100000
	end_sparse
}

# What the kernel says of all pools together, with what each CPU has not told yet.
nr_zspages()
{
	echo 1 >/proc/sys/vm/stat_refresh
	awk '$1 == "nr_zspages" { print $2 }' /proc/vmstat
}

# The kernel knows where its memory is: while pages are stored, moved, and after.
test_counted()
{
	local before pages

	[[ -n $(nr_zspages) ]] || skip "the kernel has no such counter"
	before=$(nr_zspages)
	load
	set_up 0 lz4 24M
	raw --block 64 write /dev/zram0 0 4096
	echo 1 >/proc/sys/vm/compact_memory
	pages=$(($(stat_of 0 used) * 9 / 10 / page_size))
	between "nr_zspages while pages are stored" $(($(nr_zspages) - before)) $pages $((pages * 2))
	reset_device 0
	unload
	equal "nr_zspages at the end" "$(nr_zspages)" "$before"
}

merged()
{
	(($(stat_of 0 compacted) >= 10))
}

# Nothing was ever freed, and yet the last pages of the size classes go together.
test_merge()
{
	only_ours
	load
	set_up 0 lz4 24M
	head -c $((16 << 20)) "$corpus" >"$scratch/pages"
	dd if="$scratch/pages" of=/dev/zram0 bs=64k oflag=direct status=none
	eventually 30 merged
	between "objects moved" "$(class_sum moved)" 10 2000
	dd if=/dev/zram0 bs=64k iflag=direct,count_bytes count=16M status=none | cmp - "$scratch/pages"
	# What has been merged is written over, and freed, like the rest.
	dd if="$scratch/pages" of=/dev/zram0 bs=4k oflag=direct status=none
	cmp -n $((16 << 20)) "$scratch/pages" /dev/zram0
	blkdiscard /dev/zram0
	equal "pages stored" "$(stat_of 0 orig)" 0
	equal objects "$(class_sum objects)" 0
	equal "pages of the pool" "$(class_sum pages)" 0
	unload
}

# drop_caches asks every shrinker for all it has.
test_shrinker()
{
	only_ours
	begin_sparse
	between "pages to be gained" "$(class_sum gain)" 100 100000
	for _ in 1 2 3 4 5; do
		echo 2 >/proc/sys/vm/drop_caches
	done
	used_below 125 || fail "shrinking left $(stat_of 0 used) bytes for $(stat_of 0 compressed)"
	tell verify
	end_sparse
}

# Memory runs short in earnest, while the device is written to.
test_shrinker_under_pressure()
{
	local hog

	only_ours
	begin_sparse
	# Until there is nothing left but what reclaim finds.
	"$here/swapper" --mb $(($(meminfo MemAvailable) / 1024 - 24)) --orders seq "$corpus" >"$scratch/hog" 2>&1 &
	hog=$!
	background+=("$hog")
	while kill -0 "$hog" 2>/dev/null; do
		tell overwrite 1
		tell free 75
	done
	wait "$hog" || fail "what took the memory: $(<"$scratch/hog")"
	tell verify
	end_sparse
}

# stir FILE TEXT - writes the text to the file again and again.
stir()
{
	while :; do
		echo "$2" >"$1"
		sleep 0.02
	done
}

# Objects and pages move while they are written, read, freed and reset.
test_while_used()
{
	begin_sparse
	[[ $modules != ours ]] || accepts $sys/compact_waste 1
	raw --block 64 write /dev/zram0 $((24 << 8)) 2048
	stir $sys/compact 1 2>/dev/null &
	background+=($!)
	stir /proc/sys/vm/compact_memory 1 &
	background+=($!)
	for _ in 1 2 3; do
		raw --block 16 check /dev/zram0 $((24 << 8)) 2048
		tell overwrite 1
		tell verify
		tell free 50
		raw --block 16 check /dev/zram0 $((24 << 8)) 2048
		tell fill
		tell free 75
		tell verify
	done
	# A device that comes and goes under the same hands.
	kill "$density_PID"
	wait "$density_PID" 2>/dev/null || true
	for _ in 1 2 3 4 5; do
		reset_device 0
		set_up 0 '' 16M
		raw --block 16 write /dev/zram0 0 1024
		raw --block 16 check /dev/zram0 0 1024
	done
	unload
}

# have_huge_pages N - or nearly as many: the kernel gives up early, and does not try all
# that it could.
have_huge_pages()
{
	echo 1 >/proc/sys/vm/compact_memory
	echo "$1" >/proc/sys/vm/nr_hugepages
	echo "$(meminfo HugePages_Total) huge pages of $1"
	(($(meminfo HugePages_Total) * 10 >= $1 * 9))
}

# Memory full of a device's pages, half of which go again in pieces that are smaller than
# a huge page: to have huge pages, the others must move.
test_migration()
{
	local mb wanted

	[[ -e /proc/sys/vm/nr_hugepages ]] || skip "this kernel makes no huge pages"
	load
	set_up 0 '' 1G
	mb=$(($(meminfo MemFree) / 1024 - 48))
	wanted=$((mb / 8))
	raw --kind random --block 64 write /dev/zram0 0 $((mb * 256))
	raw --kind zero --block 128 --skip 128 write /dev/zram0 0 $((mb * 128))
	echo 1 >/proc/sys/vm/drop_caches
	eventually 120 have_huge_pages "$wanted"
	raw --kind zero --block 128 --skip 128 check /dev/zram0 0 $((mb * 128))
	raw --kind random --block 128 --skip 128 check /dev/zram0 128 $((mb * 128))
	if [[ $modules == ours ]]; then
		echo "$(class_sum migrated) pages migrated"
		between "pages migrated" "$(class_sum migrated)" 1000 10000000
	fi
	echo 0 >/proc/sys/vm/nr_hugepages
	unload
}

# What debugfs shows adds up to what the device says.
test_debugfs()
{
	local table=/sys/kernel/debug/zsm/zram0/classes

	only_ours
	load
	[[ ! -e $table ]] || fail "a table without a pool"
	set_up 0 lz4 48M
	dd if="$corpus" of=/dev/zram0 bs=1M count=16 oflag=direct status=none
	equal objects "$(class_sum objects)" $((($(stat_of 0 orig) / page_size) - $(stat_of 0 same)))
	between "the pages' part of mem_used_total" $(($(class_sum pages) * page_size * 1000 / $(stat_of 0 used))) 940 999
	equal "what is not used" "$(class_sum unused)" \
		"$(awk -v page="$page_size" '/^[^#]/ { n += $6 * page - $4 * $1 } END { print n }' $table)"
	reset_device 0
	[[ ! -e $table ]] || fail "the table outlives the pool"
	unload
}
