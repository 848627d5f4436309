# SPDX-License-Identifier: GPL-2.0
# zsmctl for fish.

set -l subcommands status top try

function __zsmctl_devices
	string match -r 'zram[0-9]+$' /sys/block/zram*
end

complete -c zsmctl -f
complete -c zsmctl -l help -d 'Print help'
complete -c zsmctl -n "not __fish_seen_subcommand_from $subcommands" -l help-all -d 'Print all help'
complete -c zsmctl -n "not __fish_seen_subcommand_from $subcommands" -l version -d 'Print the version'
complete -c zsmctl -n "not __fish_seen_subcommand_from $subcommands" -l root -r -F \
	-d 'Show a recording of another machine'

complete -c zsmctl -n __fish_use_subcommand -a status -d 'Say what is compressed, and what limits it'
complete -c zsmctl -n __fish_use_subcommand -a top -d 'Show compressed memory as it changes'
complete -c zsmctl -n __fish_use_subcommand -a try -d 'Compress a sample with each codec'

complete -c zsmctl -n '__fish_seen_subcommand_from status top' \
	-a '(__zsmctl_devices)' -d 'zram device'

complete -c zsmctl -n '__fish_seen_subcommand_from status' -l json -d 'Print it for programs'
complete -c zsmctl -n '__fish_seen_subcommand_from status' -l prometheus -d 'Print it for node_exporter'

complete -c zsmctl -n '__fish_seen_subcommand_from top' -l interval -x -d 'Seconds between two looks'
complete -c zsmctl -n '__fish_seen_subcommand_from top' -l count -x -d 'End after so many looks'
complete -c zsmctl -n '__fish_seen_subcommand_from top' -l rows -d 'A line an interval'

complete -c zsmctl -n '__fish_seen_subcommand_from try' -F
complete -c zsmctl -n '__fish_seen_subcommand_from try' -l system -d 'The memory of all programs'
complete -c zsmctl -n '__fish_seen_subcommand_from try' -l pages -x -d 'At most so many pages'
complete -c zsmctl -n '__fish_seen_subcommand_from try' -l svg -r -F -d 'Draw it into this file'
