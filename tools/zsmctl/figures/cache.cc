// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/figures/cache.hh"

#include "tools/zsmctl/figures/units.hh"

#include <fmt/format.h>

namespace zsmctl {

namespace {

std::optional<double> share(double part, double rest)
{
	if (part + rest <= 0)
		return {};
	return 100 * part / (part + rest);
}

uint64_t since(uint64_t before, uint64_t now)
{
	return now >= before ? now - before : now;
}

} /* namespace */

cache_figures figures_of(const zcache_state &cache)
{
	cache_figures f;

	f.held = cache.objects * cache.block;
	if (f.held && cache.used)
		f.ratio = static_cast<double>(f.held) /
			  static_cast<double>(cache.used);
	f.hit_percent = share(static_cast<double>(cache.hits),
			      static_cast<double>(cache.misses));
	return f;
}

cache_rates rates_of(const zcache_state &before, const zcache_state &now,
		     double seconds)
{
	const auto block = static_cast<double>(now.block);
	cache_rates r;

	if (seconds <= 0)
		return r;
	const auto rate = [&](uint64_t zcache_state::*counter) {
		return static_cast<double>(
			       since(before.*counter, now.*counter)) *
		       block / seconds;
	};

	r.hits = rate(&zcache_state::hits);
	r.misses = rate(&zcache_state::misses);
	r.fills = rate(&zcache_state::fills);
	r.evicted = rate(&zcache_state::evicted);
	r.hit_percent = share(r.hits, r.misses);
	return r;
}

std::vector<finding> cache_findings(const zcache_state &cache)
{
	std::vector<finding> all;
	const auto say = [&](const char *name, severity level,
			     std::string text) {
		all.push_back({name, level, std::move(text)});
	};

	say("memory-limit", severity::fact,
	    fmt::format("limited by memory: {} of {} are used, {} %; {}",
			human_bytes(cache.used), human_bytes(cache.limit),
			whole_percent(cache.used, cache.limit),
			cache.admit == "none" ? "nothing new is let in"
			: !cache.full ? "it was never full, so that all that "
					"compresses is let in"
			: cache.admit == "all"
				? "the blocks that were not read for longest go"
				: "a block has to be read twice to be let in"));
	if (cache.no_room)
		say("no-room", severity::notice,
		    fmt::format("for {} there was no memory",
				counted(cache.no_room, "block")));
	if (cache.errors)
		say("errors", severity::problem,
		    fmt::format("{} did not decompress, and came from the disk",
				counted(cache.errors, "block")));
	return all;
}

} /* namespace zsmctl */
