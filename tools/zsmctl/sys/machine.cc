// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/sys/machine.hh"

#include "tools/zsmctl/sys/parse.hh"

#include <charconv>
#include <cstdlib>

namespace zsmctl {

namespace {

constexpr uint64_t kib = 1024;

uint64_t bytes_of(std::string_view meminfo, std::string_view key)
{
	return value_of(meminfo, key).value_or(0) * kib;
}

std::optional<uint64_t> maybe_bytes_of(std::string_view meminfo,
				       std::string_view key)
{
	const auto value = value_of(meminfo, key);

	if (!value)
		return {};
	return *value * kib;
}

std::vector<swap_area> parse_swaps(std::string_view text)
{
	std::vector<swap_area> areas;
	auto lines = split_lines(text);

	/* The first line names the columns. */
	for (size_t i = 1; i < lines.size(); i++) {
		const auto words = split_words(lines[i]);

		if (words.size() < 5)
			continue;
		swap_area area;

		area.path = words[0];
		area.size = parse_number(words[2]).value_or(0) * kib;
		area.used = parse_number(words[3]).value_or(0) * kib;
		std::from_chars(words[4].data(),
				words[4].data() + words[4].size(),
				area.priority);
		areas.push_back(std::move(area));
	}
	return areas;
}

/* `some avg10=0.00 avg60=0.00 avg300=0.00 total=0', and the same for `full'. */
std::optional<pressure> parse_pressure(std::string_view text)
{
	pressure p;
	bool any = false;

	for (const std::string_view line : split_lines(text)) {
		const auto words = split_words(line);

		if (words.size() < 5 || words[1].substr(0, 6) != "avg10=" ||
		    words[4].substr(0, 6) != "total=")
			continue;
		const double share = std::strtod(
			std::string(words[1].substr(6)).c_str(), nullptr);
		const uint64_t total =
			parse_number(words[4].substr(6)).value_or(0);

		any = true;
		if (words[0] == "some") {
			p.some = share;
			p.some_us = total;
		} else {
			p.full = share;
			p.full_us = total;
		}
	}
	if (!any)
		return {};
	return p;
}

} /* namespace */

machine read_machine(const tree &files)
{
	const std::string meminfo = files.read("/proc/meminfo").text;
	machine m;

	m.total = bytes_of(meminfo, "MemTotal:");
	m.available = bytes_of(meminfo, "MemAvailable:");
	m.swap_total = bytes_of(meminfo, "SwapTotal:");
	m.swap_free = bytes_of(meminfo, "SwapFree:");
	m.zswap_taken = maybe_bytes_of(meminfo, "Zswap:");
	m.zswap_stored = maybe_bytes_of(meminfo, "Zswapped:");
	m.swaps = parse_swaps(files.read("/proc/swaps").text);
	m.waiting = parse_pressure(files.read("/proc/pressure/memory").text);
	return m;
}

const swap_area *swap_on(const machine &m, const std::string &device)
{
	for (const swap_area &area : m.swaps)
		if (area.path == "/dev/" + device)
			return &area;
	return nullptr;
}

} /* namespace zsmctl */
