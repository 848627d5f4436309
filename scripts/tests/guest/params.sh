# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of lib.sh
#
# params.sh - parameters of algorithms: levels, dictionaries, deflate's window.

sys=/sys/block/zram0

# refuses TEXT... - as parameters, with EINVAL.
refuses()
{
	rejects_all $sys/comp_algorithm EINVAL $sys/algorithm_params "$@"
}

# stored_by ALGORITHM PARAMETERS [PAGES] - bytes that so many pages of text, and others,
# take with them.
stored_by()
{
	local pages=${3-256}

	accepts $sys/comp_algorithm "$1"
	[[ -z $2 ]] || accepts $sys/algorithm_params "$2"
	set_up 0 '' 16M
	raw --kind text --block 64 write /dev/zram0 0 "$pages" >&2
	raw --kind text --block 64 check /dev/zram0 0 "$pages" >&2
	raw --block 16 write /dev/zram0 1024 $((pages / 4)) >&2
	raw --block 16 check /dev/zram0 1024 $((pages / 4)) >&2
	stat_of 0 compressed
	reset_device 0
}

# bytes_now - bytes that some pages take with what is selected, after recompression if
# there is a second algorithm; resets the device.
bytes_now()
{
	set_up 0 '' 16M
	raw --kind text --block 64 write /dev/zram0 0 256 >&2
	[[ -z $(<$sys/recomp_algorithm) ]] || accepts $sys/recompress $'\n'
	raw --kind text --block 64 check /dev/zram0 0 256 >&2
	stat_of 0 compressed
	reset_device 0
}

# in_order WHAT NUMBER NUMBER - the first is less than the second.
in_order()
{
	(($2 < $3)) || fail "$1: $2 is not less than $3"
}

test_knob()
{
	local mode

	load
	accepts $sys/comp_algorithm zstd
	refuses junk level level= level=x level=1.5 priority=1 priority=4 priority=-1 priority=x \
		algo=lz4 algo=junk 'algo=zstd priority=1' level=1000 level=-10000000 \
		level=99999999999 level=-2147483648 deflate.winbits=12 deflate.winbits=0 'level=3 junk=1' dict= dict=/nowhere dict=/tmp dict=/dev/null
	accepts $sys/algorithm_params level=1
	accepts $sys/algorithm_params 'algo=zstd level=19'
	accepts $sys/algorithm_params $'priority=0 level=-5\n'
	accepts $sys/recomp_algorithm 'algo=deflate priority=2'
	refuses 'priority=2 level=19' 'priority=2 level=0' 'algo=deflate deflate.winbits=8' \
		'algo=deflate deflate.winbits=16' 'algo=deflate deflate.winbits=0' \
		'algo=deflate deflate.winbits=-16' 'algo=deflate deflate.winbits=x'
	accepts $sys/algorithm_params 'algo=deflate level=9 deflate.winbits=-12'
	accepts $sys/algorithm_params 'priority=2 deflate.winbits=15'
	accepts $sys/comp_algorithm lz4
	refuses level=0 level=-1 level=100000 deflate.winbits=12
	accepts $sys/algorithm_params level=65537
	accepts $sys/comp_algorithm lz4hc
	refuses level=0 level=17
	accepts $sys/algorithm_params level=16
	accepts $sys/comp_algorithm w64hc
	refuses level=3 level=-1 level=10 deflate.winbits=12 dict="$corpus"
	accepts $sys/algorithm_params level=9
	accepts $sys/comp_algorithm lzo-rle
	refuses level=1 deflate.winbits=12 dict="$corpus"
	mode=$(stat -c %a $sys/algorithm_params)
	equal mode "$mode" 200
	set_up 0 '' 4M
	rejects_all $sys/comp_algorithm EBUSY $sys/algorithm_params level=1 'algo=deflate level=3'
	raw --kind text write /dev/zram0 0 64
	raw --kind text check /dev/zram0 0 64
	unload
}

# Selecting an algorithm, the same one too, takes back what was set before.
test_selected_again()
{
	local prio again fresh

	load
	for prio in 0 1; do
		accepts $sys/comp_algorithm lz4
		[[ $prio == 0 ]] || accepts $sys/recomp_algorithm 'algo=deflate priority=1'
		[[ $prio == 1 ]] || accepts $sys/comp_algorithm deflate
		accepts $sys/algorithm_params "priority=$prio level=1"
		[[ $prio == 0 ]] || accepts $sys/recomp_algorithm 'algo=deflate priority=1'
		[[ $prio == 1 ]] || accepts $sys/comp_algorithm deflate
		again=$(bytes_now)
		[[ $prio == 0 ]] || accepts $sys/recomp_algorithm 'algo=deflate priority=1'
		[[ $prio == 1 ]] || accepts $sys/comp_algorithm deflate
		fresh=$(bytes_now)
		equal "bytes of an algorithm of priority $prio that was selected again" "$again" "$fresh"
	done
	unload
}

test_levels()
{
	load
	in_order "zstd's best and fastest" "$(stored_by zstd level=12)" "$(stored_by zstd level=-50)"
	in_order "deflate's best and fastest" "$(stored_by deflate level=9)" "$(stored_by deflate level=1)"
	[[ $(stored_by deflate deflate.winbits=-12) != "$(stored_by deflate deflate.winbits=-9)" ]] ||
		fail "deflate's window makes no difference"
	in_order "deflate without and with a header" "$(stored_by deflate deflate.winbits=-12)" \
		"$(stored_by deflate deflate.winbits=12)"
	in_order "lz4's accelerations" "$(stored_by lz4 level=1)" "$(stored_by lz4 level=64)"
	in_order "lz4hc's best and fastest" "$(stored_by lz4hc level=12)" "$(stored_by lz4hc level=1)"
	in_order "w64hc's levels 1 and 0" "$(stored_by w64hc level=1)" "$(stored_by w64hc '')"
	in_order "w64hc's levels 9 and 1" "$(stored_by w64hc level=9)" "$(stored_by w64hc level=1)"
	# Of a reset nothing is left.
	equal "zstd by default" "$(stored_by zstd '')" "$(stored_by zstd level=3)"
	unload
}

# A dictionary that has the first eight pages of text in it.
make_dictionary()
{
	raw --kind text write /dev/zram0 0 8
	dd if=/dev/zram0 of="$1" bs="$page_size" count=8 status=none
}

# dictionary ALGORITHM RELEASES - pages that the dictionary has become smaller with it,
# and all read back; on those kernels there is none to be had, and it is refused.
dictionary()
{
	local plain with

	load
	set_up 0 lz4 32M
	make_dictionary "$scratch/dict"
	reset_device 0
	accepts $sys/comp_algorithm "$1"
	if [[ $(write_knob $sys/algorithm_params "dict=$scratch/dict") != ok ]]; then
		[[ " $2 " == *" ${KERNEL_RELEASE%.*} "* ]] || fail "$1 takes no dictionary"
		rejects EINVAL $sys/algorithm_params "algo=$1 dict=$scratch/dict level=3"
		equal "$1 without a dictionary" "$(stored_by "$1" level=3)" "$(stored_by "$1" level=3)"
		unload
		return
	fi
	plain=$(stored_by "$1" level=3 8)
	with=$(stored_by "$1" "dict=$scratch/dict level=3" 8)
	in_order "$1 with and without a dictionary" "$with" "$plain"
	# Longer than lz4 reaches, and shorter than a match.
	head -c 100000 "$corpus" >"$scratch/long"
	stored_by "$1" "dict=$scratch/long" >/dev/null
	printf abc >"$scratch/short"
	stored_by "$1" "dict=$scratch/short" >/dev/null
	# The file is not needed any more once it was read.
	accepts $sys/comp_algorithm "$1"
	accepts $sys/algorithm_params "dict=$scratch/dict"
	rm "$scratch/dict"
	set_up 0 '' 16M
	raw --kind text --block 64 write /dev/zram0 0 256
	raw --kind text --block 64 check /dev/zram0 0 256
	unload
}

test_lz4_dictionary()
{
	dictionary lz4 ''
}

test_lz4hc_dictionary()
{
	dictionary lz4hc '6.1'
}

test_zstd_dictionary()
{
	dictionary zstd '6.1'
}

# Secondary algorithms have parameters of their own.
test_recompression()
{
	load
	set_up 0 lz4 32M
	make_dictionary "$scratch/dict"
	reset_device 0
	accepts $sys/comp_algorithm lz4
	accepts $sys/recomp_algorithm 'algo=lz4 priority=1'
	accepts $sys/recomp_algorithm 'algo=deflate priority=2'
	accepts $sys/algorithm_params "priority=1 dict=$scratch/dict"
	accepts $sys/algorithm_params 'priority=2 level=9'
	set_up 0 '' 16M
	raw --kind text --block 64 write /dev/zram0 0 512
	accepts $sys/recompress priority=1
	raw --kind text --block 64 check /dev/zram0 0 512
	accepts $sys/recompress algo=deflate
	raw --kind text --block 64 check /dev/zram0 0 512
	unload
}
