# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of command-line.sh
#
# case_top.sh - the live view, in a pipe and on a terminal.

test_top_prints_a_line_an_interval_into_a_pipe()
{
	play ours-6.12
	ends 0 --root "$root" top --count 3 --interval 0.1 || return 1
	[[ $(wc -l <"$work/out") == 4 && $(head -n 1 "$work/out") == 'TIME '* ]] || return 1
	awk 'length > 80 { bad = 1 } END { exit bad }' "$work/out"
}

# screen [KEY]... - what a terminal of 80 columns shows after these keys.
screen()
{
	local key i socket=$work/tmux.$BASHPID

	tmux -S "$socket" -f /dev/null new-session -d -x 80 -y 24 \
		"env LC_ALL=C.UTF-8 '$zsmctl' --root '$root' top --interval 0.2; echo ended with \$?; sleep 60"
	# A key that comes before it is ready is lost.
	for ((i = 0; i < 100; i++)); do
		[[ $(tmux -S "$socket" capture-pane -p) != *'q quit'* ]] || break
		sleep 0.1
	done
	for key; do
		tmux -S "$socket" send-keys "$key"
		sleep 0.5
	done
	tmux -S "$socket" capture-pane -p
	tmux -S "$socket" kill-server
}

test_top_on_a_terminal()
{
	local shown i

	play ours-6.12
	shown=$(screen)
	[[ $shown == *'zsmctl top '*' DEVICE STORED MEMORY '*'>zram0 '*'w64+w64hc'*'memory '*'q quit'* ]] ||
		{ echo "$shown"; return 1; }
	[[ $shown == *'pool of zram0: '*'SIZE '* ]] || { echo "no classes: $shown"; return 1; }
	shown=$(screen n)
	[[ $shown == *'>zram1 '* ]] || { echo "n: $shown"; return 1; }
	shown=$(screen c)
	[[ $shown != *'pool of zram0: '* ]] || { echo "c: $shown"; return 1; }
	shown=$(screen + +)
	[[ $shown == *'interval (0.8 s)'* ]] || { echo "+: $shown"; return 1; }
	shown=$(screen q)
	[[ $shown == *'ended with 0'* ]] || { echo "q: $shown"; return 1; }
	shown=$(screen C-c)
	[[ $shown == *'ended with 0'* ]] || { echo "^C: $shown"; return 1; }
	# More devices than lines.
	for ((i = 2; i < 100; i++)); do
		cp -r "$root/sys/block/zram0" "$root/sys/block/zram$i"
	done
	shown=$(screen p)
	[[ $shown == *'>zram99 '*' of 100 devices'* ]] || { echo "p: $shown"; return 1; }
}
