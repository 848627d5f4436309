/* SPDX-License-Identifier: GPL-2.0 */
/* What mkswap has written into the first page of a swap area: its names. */
#ifndef ZSMCTL_SYS_SWAP_HEADER_HH
#define ZSMCTL_SYS_SWAP_HEADER_HH

#include "tools/zsmctl/sys/machine.hh"
#include "tools/zsmctl/sys/tree.hh"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace zsmctl {

/* Either is empty if the area has none. */
struct swap_name {
	std::string uuid;
	std::string label;
};

/* @page: the area's first. Return: nothing if that is no header of swap. */
std::optional<swap_name> parse_swap_header(std::string_view page);

/*
 * Sets the names of those areas that are on zram devices and that the caller
 * may read, as root may.
 * Context: reads a page of each, past the page cache; if it was written back,
 * from the backing device.
 */
void read_swap_names(const tree &files, size_t page_size, machine &m);

} /* namespace zsmctl */

#endif /* ZSMCTL_SYS_SWAP_HEADER_HH */
