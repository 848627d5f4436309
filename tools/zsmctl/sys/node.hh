/* SPDX-License-Identifier: GPL-2.0 */
/* Block devices that are to be given to zram. */
#ifndef ZSMCTL_SYS_NODE_HH
#define ZSMCTL_SYS_NODE_HH

#include "tools/zsmctl/sys/program.hh"
#include "tools/zsmctl/sys/tree.hh"

#include <cstdint>
#include <string>

namespace zsmctl {

struct block_node {
	int error =
		0; /* errno of opening it for one user alone; EBUSY: in use */
	uint64_t bytes = 0;
	std::string content; /* what blkid takes it for, such as ext4; empty:
				nothing */
	std::string unknown; /* why that cannot be told; empty: it can */
};

/* Sets content, or unknown, by how `blkid -p' has ended. */
void take_content(block_node &node, const ended &blkid);

/* Context: reads the device. */
block_node look_at_node(const std::string &path);

/*
 * A name of the disk @path that another disk does not get at the next boot, and
 * that stays if what it holds is erased. Return: @path, if it is one; a link of
 * udev's that leads to the same disk; or nothing.
 */
std::string lasting_name(const tree &files, const std::string &path);

} /* namespace zsmctl */

#endif /* ZSMCTL_SYS_NODE_HH */
