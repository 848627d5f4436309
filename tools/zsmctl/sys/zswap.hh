/* SPDX-License-Identifier: GPL-2.0 */
/* What the kernel's zswap says of itself. */
#ifndef ZSMCTL_SYS_ZSWAP_HH
#define ZSMCTL_SYS_ZSWAP_HH

#include "tools/zsmctl/sys/machine.hh"
#include "tools/zsmctl/sys/tree.hh"

#include <cstdint>
#include <optional>
#include <string>

namespace zsmctl {

struct zswap_state {
	bool enabled = false;
	std::string compressor;
	std::string pool;         /* what allocates; empty from Linux 6.18 on */
	uint64_t max_percent = 0; /* of memory that it may take */
	uint64_t accept_percent = 0; /* of that, when it accepts pages again */
	bool shrinker = false;
	std::optional<uint64_t> stored; /* bytes of pages */
	std::optional<uint64_t> taken;  /* bytes of memory */
	/* Of debugfs, which root may read. */
	std::optional<uint64_t> limit_hits;
	std::optional<uint64_t> written_back_pages;
	std::optional<uint64_t> refused_pages;
};

/* Return: nothing if the kernel has no zswap. */
std::optional<zswap_state> read_zswap(const tree &files, const machine &m);

} /* namespace zsmctl */

#endif /* ZSMCTL_SYS_ZSWAP_HH */
