/* SPDX-License-Identifier: GPL-2.0 */
/* What a read cache's numbers come to, and the sentences about it. Pure. */
#ifndef ZSMCTL_FIGURES_CACHE_HH
#define ZSMCTL_FIGURES_CACHE_HH

#include "tools/zsmctl/figures/findings.hh"
#include "tools/zsmctl/sys/zcache.hh"

#include <optional>
#include <vector>

namespace zsmctl {

struct cache_figures {
	uint64_t held = 0; /* bytes of blocks, before compression */
	/* Of blocks to the memory that is used; nothing if there is none. */
	std::optional<double> ratio;
	/* Of the blocks that were read; nothing if none was. */
	std::optional<double> hit_percent;
};

cache_figures figures_of(const zcache_state &cache);

/* What has happened between two looks. Counters that went back were cleared:
 * then they are counted from there. */
struct cache_rates {
	double hits = 0; /* bytes a second */
	double misses = 0;
	double fills = 0;
	double evicted = 0;
	std::optional<double> hit_percent;
};

cache_rates rates_of(const zcache_state &before, const zcache_state &now,
		     double seconds);

std::vector<finding> cache_findings(const zcache_state &cache);

} /* namespace zsmctl */

#endif /* ZSMCTL_FIGURES_CACHE_HH */
