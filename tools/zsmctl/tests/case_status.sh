# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of command-line.sh
#
# case_status.sh - what zsmctl status says of recorded machines.

test_wrong_arguments_get_one_line()
{
	local arguments

	for arguments in '' nonsense --nonsense 'status --nonsense' 'status --json=maybe' \
		'status --json --prometheus' 'status sda' 'status zram' '--root /nowhere status' \
		'status status'; do
		read -ra arguments <<<"$arguments"
		ends 2 "${arguments[@]}" && one_line || return 1
	done
}

test_a_wrong_subcommand_is_named()
{
	ends 2 stat && one_line && says err 'stat is no subcommand'
}

test_help_and_version_are_no_errors()
{
	ends 0 --help && says out Usage status && [[ ! -s $work/err ]] || return 1
	ends 0 status --help && says out --json || return 1
	ends 0 --version && says out 'zsmctl 0.' || return 1
}

test_output_that_is_lost_is_an_error()
{
	play ours-6.12
	! "$zsmctl" --root "$root" status >/dev/full 2>"$work/err" || return 1
	says err 'not complete'
}

test_words_of_this_zram()
{
	play ours-6.12
	ends 0 --root "$root" status || return 1
	says out 'memory' 'zram zsm 0.' 'zram0: swap with priority 100; compresses with w64, and again with w64hc' \
		'holds ' ' of memory, none on /dev/loop0' 'ratio ' 'with all that the device takes counted' \
		'limited by memory: ' '90 % on the oldest pages go to disk' 'limited by its size: ' \
		'zram1: free' 'has no size yet' || return 1
	awk 'length > 80 { bad = 1 } END { exit bad }' "$work/out" || { echo "a line is too long"; return 1; }
}

test_words_of_the_kernels_own_zram()
{
	local kernel

	for kernel in 6.1 6.12; do
		play "intree-$kernel"
		ends 0 --root "$root" status || return 1
		says out "the kernel's own driver" 'zram0: swap with priority 100' 'holds ' \
			'with at least ' ' of tables that the driver does not count' \
			'has no limit of memory' || return 1
	done
}

test_words_of_a_machine_without_zram()
{
	play none-6.12
	ends 3 --root "$root" status || return 1
	says out 'zram not loaded' 'No memory is compressed here' 'zsmctl setup' || return 1
	ends 0 --root "$root" status --json || return 1
	python 'assert state["devices"] == [] and not state["driver"]["loaded"]' || return 1
	ends 0 --root "$root" status --prometheus && metrics '' || return 1
	ends 3 --root "$root" status zram0 && one_line || return 1
}

test_json_says_what_the_files_say()
{
	local orig compressed used limit rest

	play ours-6.12
	read -r orig compressed used limit rest <"$root/sys/block/zram0/mm_stat"
	ends 0 --root "$root" status --json || return 1
	python "
memory = device['memory']
assert state['format'] == 1 and len(state['devices']) == 2
assert state['driver']['zsm'] and state['driver']['version']
assert device['name'] == 'zram0' and device['use'] == 'swap' and device['streams'] == 2
assert (memory['stored'], memory['compressed'], memory['taken'], memory['limit']) == \
    ($orig, $compressed, $used, $limit)
assert memory['in_memory'] + memory['on_disk'] == $orig
assert memory['on_disk'] == device['disk']['held']
assert abs(memory['ratio'] - memory['in_memory'] / $used) < 1e-9
assert device['secondary_algorithms'] == ['w64hc']
assert device['disk']['worker']['on'] and len(device['disk']['worker']['pages_by_age']) == 16
assert {'memory-limit', 'size'} <= {f['name'] for f in device['findings']}
assert state['devices'][1]['size'] == 0 and state['devices'][1]['unread'] == []" || return 1
	ends 0 --root "$root" status --json /dev/zram1 || return 1
	python 'assert [d["name"] for d in state["devices"]] == ["zram1"]'
}

test_metrics_say_what_the_files_say()
{
	local orig compressed used rest

	play ours-6.12
	read -r orig compressed used rest <"$root/sys/block/zram0/mm_stat"
	ends 0 --root "$root" status --prometheus || return 1
	metrics "
assert value('zsm_device_memory_bytes', device='zram0') == $used
assert value('zsm_device_compressed_bytes', device='zram0') == $compressed
assert value('zsm_device_stored_bytes', device='zram0', tier='memory') + \
    value('zsm_device_stored_bytes', device='zram0', tier='disk') == $orig
assert value('zsm_device_info', device='zram0', algorithm='w64', secondary='w64hc',
             backing='/dev/loop0', driver='zsm') == 1
assert value('zsm_device_disk_written_bytes_total', device='zram0') == 0
assert value('zsm_device_memory_limit_bytes', device='zram0') == 24 << 20
assert value('zsm_finding', of='zram0', finding='memory-limit', severity='fact') == 1"
}

test_names_are_escaped()
{
	play ours-6.12
	printf '/dev/a"b\\c\033\n' >"$root/sys/block/zram0/backing_dev"
	ends 0 --root "$root" status --prometheus || return 1
	metrics "assert any(dict(k[1]).get('backing', '') == '/dev/a\"b\\\\c\\x1b' for k in samples)" || return 1
	ends 0 --root "$root" status --json || return 1
	python "assert device['disk']['path'] == '/dev/a\"b\\\\c\\x1b'" || return 1
	ends 0 --root "$root" status && ! grep -q $'\033' "$work/out"
}

test_a_missing_file_is_told()
{
	play ours-6.12
	rm "$root/sys/block/zram0/mm_stat"
	ends 0 --root "$root" status || return 1
	says out 'its file mm_stat cannot be read: No such file' || return 1
	ends 0 --root "$root" status --json || return 1
	python 'assert device["memory"] is None and device["unread"][0]["file"] == "mm_stat"' || return 1
	ends 0 --root "$root" status --prometheus && metrics '' || return 1
}

# For root no file is closed.
test_a_file_that_is_closed_to_the_caller_is_told()
{
	local as=()

	play ours-6.12
	chmod 0 "$root/sys/block/zram0/mm_stat"
	if ((EUID == 0)); then
		chmod 755 "$work"
		cp "$zsmctl" "$work/zsmctl.copy"
		as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
	else
		cp "$zsmctl" "$work/zsmctl.copy"
	fi
	local status=0
	"${as[@]}" "$work/zsmctl.copy" --root "$root" status >"$work/out" 2>"$work/err" || status=$?
	((status == 4)) || { echo "ended with $status"; return 1; }
	says out 'its file mm_stat cannot be read: Permission denied'
}
