# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of lib.sh
#
# recompress.sh - secondary algorithms: the knobs, what they do, and with I/O running.

sys=/sys/block/zram0

# with_secondaries SIZE NAME... - a device of lz4, and these at priorities 1, 2, ...
with_secondaries()
{
	local prio=1 name

	load
	for name in "${@:2}"; do
		accepts $sys/recomp_algorithm "algo=$name priority=$((prio++))"
	done
	set_up 0 lz4 "$1"
}

test_recomp_algorithm()
{
	load
	equal "recomp_algorithm at first" "$(<$sys/recomp_algorithm)" ''
	rejects_all "$sys/recomp_algorithm" EINVAL $sys/recomp_algorithm \
		$'\n' zstd algo algo= priority=1 'algo=junk priority=1' 'algo=zstd priority=0' \
		'algo=zstd priority=4' 'algo=zstd priority=-1' 'algo=zstd priority=x' 'algo=zstd junk=1'
	rejects_all "$sys/recomp_algorithm" E2BIG $sys/recomp_algorithm \
		"algo=$(repeated a 128)" "algo=$(repeated a 1000) priority=2"
	accepts $sys/recomp_algorithm $'algo=zstd\n'
	matches recomp_algorithm "$(<$sys/recomp_algorithm)" '#1: .*\[zstd\].*'
	accepts $sys/recomp_algorithm 'priority=3 algo=deflate'
	matches recomp_algorithm "$(<$sys/recomp_algorithm)" $'#1: .*\\[zstd\\].*\n#3: .*\\[deflate\\].*'
	accepts $sys/recomp_algorithm 'algo=lz4hc priority=1'
	matches recomp_algorithm "$(<$sys/recomp_algorithm)" $'#1: .*\\[lz4hc\\].*\n#3: .*\\[deflate\\].*'
	matches comp_algorithm "$(<$sys/comp_algorithm)" '\[.*'
	set_up 0 '' 4M
	rejects_all "$sys/recomp_algorithm" EBUSY $sys/recomp_algorithm 'algo=zstd priority=1'
	reset_device 0
	equal "recomp_algorithm after reset" "$(<$sys/recomp_algorithm)" ''
	unload
}

test_knob()
{
	load
	rejects EINVAL $sys/recompress type=huge
	set_up 0 lz4 4M
	# There is nothing to recompress with.
	rejects EINVAL $sys/recompress type=huge
	rejects EINVAL $sys/recompress $'\n'
	reset_device 0
	accepts $sys/recomp_algorithm 'algo=zstd priority=1'
	accepts $sys/recomp_algorithm 'algo=deflate priority=3'
	set_up 0 lz4 $((4096 * page_size))
	# What is rejected changes nothing; nor does the device meanwhile, by itself.
	[[ $modules != ours ]] || accepts $sys/compact_waste 0
	raw --kind text write /dev/zram0 0 512
	rejects_all "$sys/mm_stat" EINVAL $sys/recompress \
		junk type type= type=junk type=hugeidle threshold=x threshold=-1 \
		threshold=$((page_size - 96)) "threshold=$page_size" 'type=huge threshold=99999999999' max_pages=x \
		algo=lz4 algo=junk priority=0 priority=2 priority=4 priority=x \
		'algo=zstd priority=3' 'type=idle junk=1'
	accepts $sys/recompress type=huge
	accepts $sys/recompress 'type=idle threshold=100'
	accepts $sys/recompress $'type=huge_idle algo=deflate max_pages=3\n'
	accepts $sys/recompress 'priority=1 threshold=3000 max_pages=0'
	accepts $sys/recompress "algo=zstd priority=1 threshold=$((page_size * 15 / 16 - 1))"
	accepts $sys/recompress $'\n'
	raw --kind text check /dev/zram0 0 512
	unload
}

test_gain()
{
	local before after huge

	with_secondaries 32M zstd
	raw --kind text --block 64 write /dev/zram0 0 2048
	raw --kind random --block 64 write /dev/zram0 2048 64
	before=$(stat_of 0 compressed)
	huge=$(stat_of 0 huge)
	between "huge pages" "$huge" 64 200
	accepts $sys/recompress 'threshold=3000 max_pages=100'
	after=$(stat_of 0 compressed)
	between "bytes after a hundred pages" "$after" $((before - 300000)) $((before - 1))
	accepts $sys/recompress type=huge
	between "huge pages" "$(stat_of 0 huge)" 64 "$huge"
	accepts $sys/recompress algo=zstd
	between "bytes after all" "$(stat_of 0 compressed)" 1 $((before * 9 / 10))
	equal "huge pages" "$(stat_of 0 huge)" 64
	equal orig_data_size "$(stat_of 0 orig)" $((2112 * page_size))
	raw --kind text --block 64 check /dev/zram0 0 2048
	raw --kind random --block 64 check /dev/zram0 2048 64
	# Stored anew, pages are the primary algorithm's again.
	raw --kind text --block 64 --gen 2 write /dev/zram0 0 2048
	between "bytes after overwriting" "$(stat_of 0 compressed)" $((before * 95 / 100)) $((before * 105 / 100))
	blkdiscard /dev/zram0
	equal "bytes after a discard" "$(stat_of 0 compressed)" 0
	unload
}

# What is still above the threshold is no gain: the page stays as it was.
test_threshold()
{
	local before

	with_secondaries 32M zstd
	raw --kind text --block 64 write /dev/zram0 0 512
	before=$(stat_of 0 compressed)
	# No page comes out so small.
	accepts $sys/recompress threshold=1
	equal "bytes after recompression that gains too little" "$(stat_of 0 compressed)" "$before"
	raw --kind text --block 64 check /dev/zram0 0 512
	raw --kind text --gen 2 --block 64 write /dev/zram0 0 512
	before=$(stat_of 0 compressed)
	accepts $sys/recompress threshold=$((page_size * 3 / 8))
	between "bytes after recompression" "$(stat_of 0 compressed)" 1 $((before - 1))
	raw --kind text --gen 2 --block 64 check /dev/zram0 0 512
	unload
}

# Every algorithm after every other; what one cannot shrink the next may.
test_priorities()
{
	with_secondaries 32M lz4hc deflate zstd
	raw --kind text --block 64 write /dev/zram0 0 1024
	accepts $sys/recompress algo=lz4hc
	raw --kind text --block 64 check /dev/zram0 0 1024
	accepts $sys/recompress priority=2
	raw --kind text --block 64 check /dev/zram0 0 1024
	accepts $sys/recompress $'\n'
	raw --kind text --block 64 check /dev/zram0 0 1024
	raw --gen 3 --block 16 write /dev/zram0 0 1024
	accepts $sys/recompress $'\n'
	raw --gen 3 --block 16 check /dev/zram0 0 1024
	unload
}

# What was tried with a higher algorithm alone is neither incompressible nor lost to the
# lower ones.
test_passed_over()
{
	local block_state=/sys/kernel/debug/zram/zram0/block_state before

	mountpoint -q /sys/kernel/debug || mount -t debugfs none /sys/kernel/debug
	with_secondaries 32M deflate lz4
	raw --kind text --block 64 write /dev/zram0 0 512
	raw --kind random --block 16 write /dev/zram0 512 16
	before=$(stat_of 0 compressed)
	accepts $sys/recompress priority=2
	equal "bytes after the primary algorithm once more" "$(stat_of 0 compressed)" "$before"
	equal "incompressible pages" "$(grep -c 'n$' $block_state)" 0
	accepts $sys/recompress priority=1
	between "bytes after a lower one" "$(stat_of 0 compressed)" 1 $((before * 9 / 10))
	accepts $sys/recompress $'\n'
	equal "random pages that are incompressible" "$(awk '$1 >= 512 && $3 ~ /n$/ { n++ } END { print n + 0 }' $block_state)" 16
	raw --kind text --block 64 check /dev/zram0 0 512
	raw --kind random --block 16 check /dev/zram0 512 16
	unload
}

# An algorithm that stands at two priorities, by its name; not the one between them.
test_same_twice()
{
	local before

	with_secondaries 32M lz4 deflate lz4
	raw --kind text --block 64 write /dev/zram0 0 512
	before=$(stat_of 0 compressed)
	accepts $sys/recompress algo=lz4
	equal "bytes after the primary algorithm once more" "$(stat_of 0 compressed)" "$before"
	accepts $sys/recompress algo=deflate
	between "bytes after the one between" "$(stat_of 0 compressed)" 1 $((before * 9 / 10))
	raw --kind text --block 64 check /dev/zram0 0 512
	unload
}

# At the limit there is nothing to allocate with, and recompression makes room.
test_at_limit()
{
	local before

	with_secondaries 32M zstd
	raw --kind text --block 64 write /dev/zram0 0 2048
	before=$(stat_of 0 used)
	accepts $sys/mem_limit "$before"
	accepts $sys/recompress $'\n'
	between mem_used_total "$(stat_of 0 used)" 1 $((before * 19 / 20))
	raw --kind text --block 64 check /dev/zram0 0 2048
	unload
}

test_with_io()
{
	local worker gen

	with_secondaries 16M zstd deflate
	while :; do
		write_knob $sys/recompress $'\n'
		write_knob $sys/compact 1
	done >/dev/null &
	worker=$!
	background+=("$worker")
	for gen in 1 2 3 4; do
		raw --gen $gen --block 16 --vary --shuffle write /dev/zram0 0 1024
		raw --gen $gen --block 64 check /dev/zram0 0 1024
		raw --gen $gen --kind text --block 8 --shuffle write /dev/zram0 1024 1024
		blkdiscard -o $((gen * 100 * page_size)) -l $((50 * page_size)) /dev/zram0
		raw --kind zero check /dev/zram0 $((gen * 100)) 50
		raw --gen $gen --kind text --block 64 check /dev/zram0 1024 1024
	done
	kill "$worker"
	wait "$worker" || true
	unload
}

# compressed_below BYTES
compressed_below()
{
	(($(stat_of 0 compressed) < $1))
}

test_auto_knobs()
{
	[[ $modules == ours ]] || return 0
	load
	equal recompress_auto "$(<$sys/recompress_auto)" 0
	equal recompress_age "$(<$sys/recompress_age)" 3600
	equal recompress_rate "$(<$sys/recompress_rate)" 5
	rejects_all "$sys/recompress_auto" EINVAL $sys/recompress_auto 2 maybe $'\n' -1
	rejects_all "$sys/recompress_age" 'EINVAL|ERANGE' $sys/recompress_age -1 x 4294967296
	rejects_all "$sys/recompress_rate" 'EINVAL|ERANGE' $sys/recompress_rate 0 101 x
	# It may be on before there is a size, or without an algorithm to do it with.
	accepts $sys/recompress_auto 1
	accepts $sys/recompress_age 0
	set_up 0 lz4 4M
	raw --kind text --block 16 write /dev/zram0 0 100
	sleep 1
	raw --kind text --block 16 check /dev/zram0 0 100
	reset_device 0
	equal "recompress_auto after reset" "$(<$sys/recompress_auto)" 0
	equal "recompress_age after reset" "$(<$sys/recompress_age)" 3600
	unload
}

# What was not used for long becomes dense by itself; what is used, and where it is off, not.
test_auto()
{
	local before half

	[[ $modules == ours ]] || return 0
	with_secondaries 32M zstd
	raw --kind text --block 16 write /dev/zram0 0 2000
	before=$(stat_of 0 compressed)
	accepts $sys/recompress_rate 100
	accepts $sys/recompress_age 3000
	accepts $sys/recompress_auto 1
	sleep 3
	equal "bytes, of pages that are young" "$(stat_of 0 compressed)" "$before"
	accepts $sys/recompress_age 2
	eventually 60 compressed_below $((before * 8 / 10))
	raw --kind text --block 16 check /dev/zram0 0 2000
	# Stored anew they are young again, and then their turn comes.
	raw --kind text --block 16 --gen 2 write /dev/zram0 0 2000
	eventually 60 compressed_below $((before * 8 / 10))
	raw --kind text --block 16 --gen 2 check /dev/zram0 0 2000
	accepts $sys/recompress_auto 0
	raw --kind text --block 16 --gen 3 write /dev/zram0 0 2000
	half=$(stat_of 0 compressed)
	sleep 4
	equal "bytes after it is off" "$(stat_of 0 compressed)" "$half"
	unload
}

# It is bounded: at one percent of a CPU most pages are not done after some seconds.
test_auto_rate()
{
	local before

	[[ $modules == ours ]] || return 0
	with_secondaries 64M zstd
	raw --kind text --block 16 write /dev/zram0 0 8000
	before=$(stat_of 0 compressed)
	accepts $sys/recompress_rate 1
	accepts $sys/recompress_age 0
	accepts $sys/recompress_auto 1
	sleep 3
	between "bytes at one percent" "$(stat_of 0 compressed)" $((before * 9 / 10)) "$before"
	accepts $sys/recompress_rate 100
	eventually 120 compressed_below $((before * 8 / 10))
	raw --kind text --block 16 check /dev/zram0 0 8000
	unload
}

# Pages come, change and go meanwhile, by hand and by themselves, and so does the device.
test_auto_with_io()
{
	local gen

	[[ $modules == ours ]] || return 0
	for gen in 1 2 3; do
		with_secondaries 16M zstd deflate
		accepts $sys/recompress_rate 100
		accepts $sys/recompress_age 0
		accepts $sys/recompress_auto 1
		raw --gen $gen --kind text --block 16 --vary --shuffle write /dev/zram0 0 1024
		write_knob $sys/recompress $'\n'
		raw --gen $gen --kind text --block 64 check /dev/zram0 0 1024
		raw --gen $gen --block 8 --shuffle write /dev/zram0 1024 1024
		blkdiscard -o $((gen * 100 * page_size)) -l $((50 * page_size)) /dev/zram0
		raw --kind zero check /dev/zram0 $((gen * 100)) 50
		raw --gen $gen --block 64 check /dev/zram0 1024 1024
		raw --gen $gen --kind text --block 16 write /dev/zram0 0 1024
		# While it works.
		reset_device 0
		unload
	done
}
