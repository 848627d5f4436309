// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/sys/zswap.hh"

#include "tools/zsmctl/sys/parse.hh"

namespace zsmctl {

namespace {

const std::string parameters = "/sys/module/zswap/parameters/";
const std::string counters = "/sys/kernel/debug/zswap/";

bool flag(const tree &files, const char *name)
{
	const std::string text = files.read(parameters + name).text;

	return text == "Y" || text == "1";
}

std::optional<uint64_t> counter(const tree &files, const std::string &name)
{
	return parse_number(files.read(counters + name).text);
}

/* The sum of all reasons for which zswap has refused pages. */
std::optional<uint64_t> refused(const tree &files)
{
	std::optional<uint64_t> sum;

	for (const std::string &name : files.list(counters)) {
		if (name.substr(0, 7) != "reject_")
			continue;
		const auto n = counter(files, name);

		if (n)
			sum = sum.value_or(0) + *n;
	}
	return sum;
}

} /* namespace */

std::optional<zswap_state> read_zswap(const tree &files, const machine &m)
{
	zswap_state z;

	if (!files.exists(parameters + "enabled"))
		return {};
	z.enabled = flag(files, "enabled");
	z.compressor = files.read(parameters + "compressor").text;
	z.pool = files.read(parameters + "zpool").text;
	z.max_percent =
		parse_number(files.read(parameters + "max_pool_percent").text)
			.value_or(0);
	z.accept_percent =
		parse_number(files.read(parameters + "accept_threshold_percent")
				     .text)
			.value_or(0);
	z.shrinker = flag(files, "shrinker_enabled");
	z.stored = m.zswap_stored;
	z.taken = m.zswap_taken;
	z.limit_hits = counter(files, "pool_limit_hit");
	z.written_back_pages = counter(files, "written_back_pages");
	z.refused_pages = refused(files);
	return z;
}

} /* namespace zsmctl */
