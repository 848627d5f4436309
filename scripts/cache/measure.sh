# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of lib.sh and guest.sh
#
# measure.sh - the devices that are compared, and what is read off them.

# below NAME TARGET... - a device of device-mapper's, as large as the disk.
below()
{
	dmsetup create --noudevsync "$1" --table "0 $sectors ${*:2}"
	dmsetup mknodes "$1"
}

# set_up_cache KIND MIB - /dev/mapper/c, with such a cache. Sets kind.
set_up_cache()
{
	local origin

	kind=$1
	case $kind in
	none) below c linear /dev/mapper/slow 0 ;;
	zcache) below c zcache /dev/mapper/slow "$2" 2 codec lz4 ;;
	plain) below c zcache /dev/mapper/slow "$2" 4 codec none admit all ;;
	dm-cache)
		modprobe brd rd_nr=2 rd_size=$(($2 << 10)) max_part=0
		# The second one keeps the metadata, of which it needs a few MiB, and no more.
		dd if=/dev/zero of=/dev/ram1 bs=4k count=1 status=none
		origin=/dev/mapper/slow
		below c cache /dev/ram1 /dev/ram0 "$origin" 64 1 writethrough smq 0
		;;
	esac
}

remove_cache()
{
	dmsetup remove --noudevsync c
	[[ $kind != dm-cache ]] || rmmod brd
}

# of FIELD - a number of zcache's status; 0 for another kind.
of()
{
	dmsetup status c | awk -v f="$1" '$3 == "zcache" { for (i = 4; i < NF; i++) if ($i == f) n = $(i + 1) }
		END { print n + 0 }'
}

# How many blocks of 4 KiB the disk has been asked for.
disk_blocks()
{
	awk '{ print int($3 / 8) }' "/sys/block/$(basename "$(readlink -f "/sys/dev/block/$(dmsetup info -c --noheadings -o major,minor --separator : slow)")")/stat"
}

# say WORKLOAD METRIC VALUE
say()
{
	local line="$1 $kind $2 $3"

	echo "$line" >>"$RESULTS/results"
	echo "@$line"
}

# run WORKLOAD COMMAND... - runs it, and says what it took of the disk, and how long.
run()
{
	local name=$1 blocks start

	shift
	blocks=$(disk_blocks)
	start=$EPOCHREALTIME
	"$@"
	say "$name" seconds "$(awk -v a="$start" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.2f", b - a }')"
	say "$name" disk_blocks $(($(disk_blocks) - blocks))
}

# ratio - what a stored block was, over what it is.
ratio()
{
	awk -v o="$(of objects)" -v b="$(of object_bytes)" 'BEGIN { printf "%.2f", b ? o * 4096 / b : 0 }'
}

# zipf SEED OPTION... - random reads of blocks, some of which come more often.
zipf()
{
	fio --name=zipf --filename=/dev/mapper/c --readonly --rw=randread --bs=4k --norandommap \
		--random_distribution=zipf:1.1 --randseed="$1" --number_ios="$reads" --size=100% \
		--io_size=100g --thread --ioengine=psync --invalidate=0 --group_reporting \
		--output-format=terse --terse-version=3 "${@:2}" >"$scratch/fio" ||
		fail "fio: $(<"$scratch/fio")"
}

# warm_up OPTION... - three times as many reads, four at a time, of which nothing is counted.
warm_up()
{
	zipf 1 --numjobs=4 --number_ios=$((reads * 3 / 4)) "$@"
	[[ $kind != zcache && $kind != plain ]] || dmsetup message c 0 clear_stats
}

# latency PERCENTILE - in microseconds, of the last fio's reads.
latency()
{
	tr ';' '\n' <"$scratch/fio" | sed -n "s/^$1[0-9.]*%=\([0-9]*\)$/\1/p" | head -n 1
}
