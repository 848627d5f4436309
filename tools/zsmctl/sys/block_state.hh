/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A device's pages, one by one: debugfs' block_state. Reading it takes about a
 * second for each GiB that is stored.
 */
#ifndef ZSMCTL_SYS_BLOCK_STATE_HH
#define ZSMCTL_SYS_BLOCK_STATE_HH

#include "tools/zsmctl/sys/tree.hh"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace zsmctl {

struct block_line {
	uint64_t page = 0;
	double accessed = 0; /* seconds since boot */
	bool same = false;   /* repeats one value */
	bool away = false;   /* on the backing device */
	bool huge = false;   /* did not compress */
	bool idle = false;
	bool again = false; /* compressed by a second algorithm */
	bool tried =
		false; /* every second algorithm was tried and none helped */
};

std::optional<block_line> parse_block_line(std::string_view text);

/*
 * Calls @each for each page that is stored, until it answers false.
 * Return: 0, or the errno of reading: EACCES for all but root, ENOENT without
 * debugfs.
 */
int each_block(const tree &files, const std::string &device,
	       const std::function<bool(const block_line &)> &each);

} /* namespace zsmctl */

#endif /* ZSMCTL_SYS_BLOCK_STATE_HH */
