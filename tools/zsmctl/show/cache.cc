// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/show/cache.hh"

#include "tools/zsmctl/figures/cache.hh"
#include "tools/zsmctl/figures/units.hh"
#include "tools/zsmctl/show/sentences.hh"
#include "tools/zsmctl/show/text.hh"

#include <fmt/format.h>

namespace zsmctl {

namespace {

std::string percent_text(const std::optional<double> &percent)
{
	return percent ? fmt::format("{:.1f}", *percent) : "-";
}

} /* namespace */

std::string cache_words(const zcache_state &cache)
{
	const cache_figures f = figures_of(cache);
	std::string head = printable(cache.name) + ": a read cache before " +
			   printable(cache.disk);
	std::string text = "\n";

	if (!cache.codec.empty())
		head += cache.codec == "none"
				? "; does not compress"
				: "; compresses with " + cache.codec;
	text += wrapped("", head);
	text += wrapped(
		"  ", fmt::format("holds {} of blocks in {} of memory{}",
				  human_bytes(f.held), human_bytes(cache.used),
				  f.ratio ? fmt::format(", {:.2f} to 1, with "
							"all that it takes "
							"counted",
							*f.ratio)
					  : ""));
	if (f.hit_percent)
		text += wrapped(
			"  ",
			fmt::format("of {} of blocks that were read it had "
				    "{:.1f} %",
				    human_bytes((cache.hits + cache.misses) *
						cache.block),
				    *f.hit_percent));
	return text + finding_words(cache_findings(cache));
}

std::string cache_row_title()
{
	return "CACHE            HELD   USED  LIMIT RATIO   HIT/s  MISS/s  "
	       "FILL/s "
	       "EVICT/s  HIT-%";
}

std::string cache_row(const zcache_state &before, const zcache_state &now,
		      double seconds)
{
	const cache_figures f = figures_of(now);
	const cache_rates r = rates_of(before, now, seconds);

	return fmt::format(
		"{:<14.14}{:>7}{:>7}{:>7}{:>6}{:>8}{:>8}{:>8}{:>8}{:>7}",
		printable(now.name), short_bytes(f.held), short_bytes(now.used),
		short_bytes(now.limit),
		f.ratio ? fmt::format("{:.2f}", *f.ratio) : "-",
		short_rate(r.hits), short_rate(r.misses), short_rate(r.fills),
		short_rate(r.evicted), percent_text(r.hit_percent));
}

} /* namespace zsmctl */
