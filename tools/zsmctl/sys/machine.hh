/* SPDX-License-Identifier: GPL-2.0 */
/* What a machine has of memory and swap, beside compressed memory. */
#ifndef ZSMCTL_SYS_MACHINE_HH
#define ZSMCTL_SYS_MACHINE_HH

#include "tools/zsmctl/sys/tree.hh"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace zsmctl {

/* A line of /proc/swaps. */
struct swap_area {
	std::string path;
	uint64_t size = 0; /* bytes */
	uint64_t used = 0; /* bytes */
	int64_t priority = 0;
	/* By read_swap_names(); empty if there is none, or it is not known. */
	std::string uuid = {};
	std::string label = {};
};

/* Percent of the last ten seconds in which tasks waited for memory. */
struct pressure {
	double some = 0;      /* at least one */
	double full = 0;      /* all */
	uint64_t some_us = 0; /* since boot */
	uint64_t full_us = 0;
};

/* All in bytes. */
struct machine {
	uint64_t total = 0;
	uint64_t available = 0;
	uint64_t swap_total = 0;
	uint64_t swap_free = 0;
	/* Absent where the kernel does not say. */
	std::optional<uint64_t> zswap_taken;
	std::optional<uint64_t> zswap_stored;
	std::vector<swap_area> swaps;
	std::optional<pressure> waiting;
};

machine read_machine(const tree &files);

/* The swap area on a device, by its name in /dev; null if there is none. */
const swap_area *swap_on(const machine &m, const std::string &device);

} /* namespace zsmctl */

#endif /* ZSMCTL_SYS_MACHINE_HH */
