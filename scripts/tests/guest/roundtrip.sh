# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of lib.sh
#
# roundtrip.sh - every algorithm gives every page back.

real_pages=2048	# 8 MB, taken from all of the corpus

# Sets pages, same and random, the counts of what is in $scratch/pages.
make_pages()
{
	local counts

	counts=$("$here/edges" "$corpus" "$real_pages" 2>&1 >"$scratch/pages")
	matches "what edges says" "$counts" 'pages=[0-9]+ same=[0-9]+ random=[0-9]+'
	# shellcheck disable=SC2086 # three assignments
	local ${counts?}
	expected_pages=$pages expected_same=$same expected_random=$random
}

# write_all BLOCK - writes the pages to /dev/zram0.
write_all()
{
	dd if="$scratch/pages" of=/dev/zram0 bs="$1" oflag=direct status=none
}

# compare_all BLOCK - reads them back.
compare_all()
{
	dd if=/dev/zram0 bs="$1" iflag=direct,count_bytes count=$((expected_pages * page_size)) status=none |
		cmp - "$scratch/pages"
}

check_statistics()
{
	local bytes=$((expected_pages * page_size))

	equal orig_data_size "$(stat_of 0 orig)" "$bytes"
	equal same_pages "$(stat_of 0 same)" "$expected_same"
	between huge_pages "$(stat_of 0 huge)" "$expected_random" $((expected_pages / 4))
	between compr_data_size "$(stat_of 0 compressed)" $((bytes / 20)) $((bytes * 3 / 4))
	between mem_used_total "$(stat_of 0 used)" "$(stat_of 0 compressed)" $((bytes * 4 / 5))
	between mem_used_max "$(stat_of 0 max)" "$(stat_of 0 used)" $((bytes * 5 / 4))
}

# round_trip ALGORITHM [PARAMETER=VALUE] - sets stored, the bytes that the pages took.
# The module's parameter must then read as what it was set to.
round_trip()
{
	local pages same random

	load "${@:2}"
	[[ -z ${2-} ]] || equal "${2%=*}" "$(<"/sys/module/zram/parameters/${2%=*}")" "${2#*=}"
	make_pages
	set_up 0 "$1" 64M
	matches comp_algorithm "$(cat /sys/block/zram0/comp_algorithm)" ".*\[$1\].*"
	write_all 64k
	compare_all 1M
	check_statistics
	# Over what is there already; the numbers must come out the same.
	write_all 4k
	compare_all 4k
	check_statistics
	stored=$(stat_of 0 compressed)
	reset_device 0
	equal "initstate after reset" "$(cat /sys/block/zram0/initstate)" 0
	unload
}

test_offered()
{
	local a offered

	load
	offered=" $(tr -d '[]' </sys/block/zram0/comp_algorithm) "
	for a in lz4 lz4hc zstd lzo lzo-rle deflate w64 w64hc; do
		[[ $offered == *" $a "* ]] || fail "$a is not offered, only$offered"
	done
	unload
	# One that has no case of its own here.
	for a in $offered; do
		[[ $(type -t "test_${a//-/_}") == function ]] || round_trip "$a"
	done
}

# What devices begin with, when they are made and when they are reset.
test_default_algorithm()
{
	local parameter=/sys/module/zram/parameters/default_algorithm

	load default_algorithm=w64hc
	equal "the parameter" "$(<$parameter)" w64hc
	[[ $(</sys/block/zram0/comp_algorithm) == *"[w64hc]"* ]] || fail "it is not w64hc"
	rejects EINVAL $parameter lz5
	rejects EINVAL $parameter "$(printf 'z%.0s' {1..64})"
	accepts $parameter zstd
	[[ $(</sys/block/zram0/comp_algorithm) == *"[w64hc]"* ]] || fail "the device has changed"
	reset_device 0
	[[ $(</sys/block/zram0/comp_algorithm) == *"[zstd]"* ]] || fail "the reset device has not"
	echo >$parameter
	equal "the parameter" "$(<$parameter)" lz4
	unload
}

test_lz4()
{
	round_trip lz4
}

test_lz4hc()
{
	round_trip lz4hc
}

test_zstd()
{
	round_trip zstd
}

test_lzo()
{
	round_trip lzo
}

test_lzo_rle()
{
	round_trip lzo-rle
}

test_deflate()
{
	round_trip deflate
}

test_w64()
{
	round_trip w64
}

test_w64hc()
{
	round_trip w64hc
}

# Each build of w64 and w64hc, and whatever the processor, in the same bytes.
test_w64_builds()
{
	local algorithm stored portable

	for algorithm in w64 w64hc; do
		round_trip $algorithm w64_bmi2=0
		portable=$stored
		if grep -qw bmi2 /proc/cpuinfo; then
			round_trip $algorithm w64_bmi2=1
			equal "compr_data_size of $algorithm with BMI2" "$stored" "$portable"
		else
			skip "the processor has no BMI2"
		fi
	done
}

# An algorithm is offered as soon as its library is there, if it comes after the modules.
test_late_library()
{
	local library

	# Not while another module uses it; twice, as some use each other.
	for library in "${codec_libraries[@]}" "${codec_libraries[@]}"; do
		modprobe -rq "$library" || true
	done
	rm -f /tmp/libraries_loaded
	[[ ! -e /sys/module/lz4hc_compress ]] || skip "lz4hc_compress stays loaded"
	insmod "$here/zsm.ko"
	insmod "$here/zram.ko"
	rejects EINVAL /sys/block/zram0/comp_algorithm lz4hc
	load_libraries
	accepts /sys/block/zram0/comp_algorithm lz4hc
	[[ " $(</sys/block/zram0/comp_algorithm) " == *" lz4 "* ]] || fail "lz4 is not offered"
	echo 16M >/sys/block/zram0/disksize
	raw --kind text --block 16 write /dev/zram0 0 1024
	raw --kind text --block 16 check /dev/zram0 0 1024
	fails rmmod lz4hc_compress
	unload
	rmmod lz4hc_compress
	modprobe lz4hc_compress
}
