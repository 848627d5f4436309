// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/figures/pass.hh"

#include "tools/zsmctl/sys/parse.hh"

#include <fmt/format.h>

namespace zsmctl {

std::string pass_wishes::type() const
{
	if (incompressible)
		return "incompressible";
	if (huge)
		return older ? "huge_idle" : "huge";
	return older ? "idle" : "";
}

bool would_recompress(const pass_wishes &want, const block_line &line)
{
	if (line.same || line.away || line.again || line.tried)
		return false;
	return (!want.huge || line.huge) && (!want.older || line.idle);
}

bool would_write_back(const pass_wishes &want, const block_line &line)
{
	if (line.same || line.away)
		return false;
	if (want.incompressible)
		return line.tried;
	return (!want.huge || line.huge) && (!want.older || line.idle);
}

std::string recompress_text(const pass_wishes &want, uint64_t pages)
{
	std::string text;
	const auto add = [&](const std::string &word) {
		text += (text.empty() ? "" : " ") + word;
	};

	if (!want.type().empty())
		add("type=" + want.type());
	if (!want.algorithm.empty())
		add("algo=" + want.algorithm);
	if (want.threshold)
		add(fmt::format("threshold={}", *want.threshold));
	if (pages)
		add(fmt::format("max_pages={}", pages));
	/* An empty write would not reach the knob. */
	return text.empty() ? "\n" : text;
}

std::optional<uint64_t> parse_age(std::string_view text)
{
	constexpr std::string_view units = "smhd";
	constexpr uint64_t seconds[] = {1, 60, 3600, 86400};
	const size_t at = text.empty() ? units.npos : units.find(text.back());
	const uint64_t unit = at == units.npos ? 1 : seconds[at];

	if (at != units.npos)
		text.remove_suffix(1);
	const auto n = parse_number(text);

	if (!n || *n > UINT32_MAX / unit)
		return {};
	return *n * unit;
}

} /* namespace zsmctl */
