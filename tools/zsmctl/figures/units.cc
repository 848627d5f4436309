// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/figures/units.hh"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace zsmctl {

namespace {

struct scaled {
	double value;
	size_t unit; /* how often it was divided by 1024 */
};

scaled scale(uint64_t bytes)
{
	scaled s{static_cast<double>(bytes), 0};

	/* 999.5 would be shown as 1000. */
	while (s.value >= 999.5 && s.unit < 6) {
		s.value /= 1024;
		s.unit++;
	}
	return s;
}

/* Three digits: 1.23 is too many for what changes all the time. */
std::string digits(double value)
{
	return value < 9.95 ? fmt::format("{:.1f}", value)
			    : fmt::format("{:.0f}", value);
}

} /* namespace */

std::string human_bytes(uint64_t bytes)
{
	constexpr std::array units{"bytes", "KiB", "MiB", "GiB",
				   "TiB",   "PiB", "EiB"};
	const scaled s = scale(bytes);

	if (!s.unit)
		return counted(bytes, "byte");
	return digits(s.value) + " " + units.at(s.unit);
}

std::string short_bytes(uint64_t bytes)
{
	constexpr std::string_view units = " KMGTPE";
	const scaled s = scale(bytes);

	if (!s.unit)
		return fmt::format("{}", bytes);
	return digits(s.value) + units[s.unit];
}

std::string short_rate(double bytes)
{
	return bytes < 0.5 ? "-" : short_bytes(static_cast<uint64_t>(bytes));
}

std::string exact_bytes(uint64_t bytes)
{
	constexpr std::string_view units = "KMG";
	std::string suffix;

	for (const char unit : units) {
		if (!bytes || bytes % 1024)
			break;
		bytes /= 1024;
		suffix = unit;
	}
	return fmt::format("{}{}", bytes, suffix);
}

std::string human_age(uint64_t seconds)
{
	struct unit {
		uint64_t seconds;
		const char *name;
	};
	constexpr std::array units{unit{86400, "day"}, unit{3600, "hour"},
				   unit{60, "minute"}};

	for (const unit &u : units)
		if (seconds >= 2 * u.seconds)
			return counted(seconds / u.seconds, u.name);
	return counted(seconds, "second");
}

std::string grouped(uint64_t n)
{
	std::string text = fmt::format("{}", n);

	for (size_t at = text.size(); at > 3; at -= 3)
		text.insert(at - 3, ",");
	return text;
}

double percent(uint64_t part, uint64_t whole)
{
	return whole ? 100.0 * static_cast<double>(part) /
			       static_cast<double>(whole)
		     : 0;
}

unsigned whole_percent(uint64_t part, uint64_t whole)
{
	const double p = percent(part, whole);

	if (!part || !whole)
		return 0;
	if (part >= whole)
		return static_cast<unsigned>(std::min(p, 1e6));
	return static_cast<unsigned>(std::clamp(p + 0.5, 1.0, 99.0));
}

std::string counted(uint64_t n, const char *noun)
{
	return fmt::format("{} {}{}", grouped(n), noun, n == 1 ? "" : "s");
}

} /* namespace zsmctl */
