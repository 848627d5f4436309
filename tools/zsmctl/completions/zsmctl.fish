# SPDX-License-Identifier: GPL-2.0
# zsmctl for fish.

set -l subcommands status setup remove recompress writeback top try explain cache
set -l algorithms 'lz4 w64 w64hc zstd lzo lzo-rle lz4hc deflate'

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
complete -c zsmctl -n __fish_use_subcommand -a setup -d 'Swap to compressed memory'
complete -c zsmctl -n __fish_use_subcommand -a remove -d 'Give swap to compressed memory up'
complete -c zsmctl -n __fish_use_subcommand -a recompress -d 'Compress pages again'
complete -c zsmctl -n __fish_use_subcommand -a writeback -d 'Write pages to the backing device'
complete -c zsmctl -n __fish_use_subcommand -a top -d 'Show compressed memory as it changes'
complete -c zsmctl -n __fish_use_subcommand -a try -d 'Compress a sample with each codec'

complete -c zsmctl -n __fish_use_subcommand -a explain -d 'Say what could be done'

complete -c zsmctl -n '__fish_seen_subcommand_from status remove recompress writeback top explain' \
	-a '(__zsmctl_devices)' -d 'zram device'

complete -c zsmctl -n '__fish_seen_subcommand_from status' -l json -d 'Print it for programs'
complete -c zsmctl -n '__fish_seen_subcommand_from status' -l prometheus -d 'Print it for node_exporter'

complete -c zsmctl -n '__fish_seen_subcommand_from setup' -l dry-run -d 'Only show what would be done'
complete -c zsmctl -n '__fish_seen_subcommand_from setup' -l permanent -d 'Do it at each boot, too'
complete -c zsmctl -n '__fish_seen_subcommand_from setup' -l memory -x -d 'Memory that it may take'
complete -c zsmctl -n '__fish_seen_subcommand_from setup' -l size -x -d 'How much it may hold'
complete -c zsmctl -n '__fish_seen_subcommand_from setup recompress' -l algorithm -x -a "$algorithms"
complete -c zsmctl -n '__fish_seen_subcommand_from setup' -l secondary -x -a "$algorithms"
complete -c zsmctl -n '__fish_seen_subcommand_from setup' -l no-secondary -d 'No second algorithm'
complete -c zsmctl -n '__fish_seen_subcommand_from setup' -l disk -r -F -d 'A partition for the oldest pages'
complete -c zsmctl -n '__fish_seen_subcommand_from setup' -l erase -d 'Even if it holds something'
complete -c zsmctl -n '__fish_seen_subcommand_from setup' -l priority -x -d 'Of the swap'
complete -c zsmctl -n '__fish_seen_subcommand_from setup' -l mount -r -F -d 'A file system, in place of swap'
complete -c zsmctl -n '__fish_seen_subcommand_from setup' -l fs -x -a 'ext4 xfs btrfs f2fs'
complete -c zsmctl -n '__fish_seen_subcommand_from setup' -l label -x -d 'Of the swap or the file system'
complete -c zsmctl -n '__fish_seen_subcommand_from setup' -l parameters -x -d 'Of the algorithm'
complete -c zsmctl -n '__fish_seen_subcommand_from setup' -l only-below -x -d 'Do nothing with as much memory'

complete -c zsmctl -n '__fish_seen_subcommand_from remove' -l discard -d 'Even if data would go'

complete -c zsmctl -n '__fish_seen_subcommand_from recompress writeback' -l older -x \
	-d 'Pages that were not used for so long'
complete -c zsmctl -n '__fish_seen_subcommand_from recompress writeback' -l huge \
	-d 'Pages that did not compress'
complete -c zsmctl -n '__fish_seen_subcommand_from recompress' -l threshold -x \
	-d 'Pages of at least so many bytes'
complete -c zsmctl -n '__fish_seen_subcommand_from writeback' -l incompressible \
	-d 'Pages that no second algorithm made smaller'

complete -c zsmctl -n __fish_use_subcommand -a cache -d 'Read caches before disks'
complete -c zsmctl -n '__fish_seen_subcommand_from cache' -F -a 'list watch attach detach limit drop'
complete -c zsmctl -n '__fish_seen_subcommand_from cache' -l name -x -d 'Of the new device'

complete -c zsmctl -n '__fish_seen_subcommand_from top cache' -l interval -x -d 'Seconds between two looks'
complete -c zsmctl -n '__fish_seen_subcommand_from top cache' -l count -x -d 'End after so many looks'
complete -c zsmctl -n '__fish_seen_subcommand_from top' -l rows -d 'A line an interval'

complete -c zsmctl -n '__fish_seen_subcommand_from try' -F
complete -c zsmctl -n '__fish_seen_subcommand_from try' -l system -d 'The memory of all programs'
complete -c zsmctl -n '__fish_seen_subcommand_from try explain' -l pages -x -d 'At most so many pages'
complete -c zsmctl -n '__fish_seen_subcommand_from try' -l svg -r -F -d 'Draw it into this file'
