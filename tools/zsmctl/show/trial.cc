// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/show/trial.hh"

#include "tools/zsmctl/figures/units.hh"
#include "tools/zsmctl/show/text.hh"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace zsmctl {

namespace {

/* Memory of a sample with a codec, in percent of its pages. */
double taken_percent(const trial &t, const trial_row &row)
{
	return percent(row.taken + t.same_taken, t.pages * codec_page);
}

std::string escaped(const std::string &text)
{
	std::string safe;

	for (const char c : printable(text)) {
		if (c == '<')
			safe += "&lt;";
		else if (c == '&')
			safe += "&amp;";
		else
			safe += c;
	}
	return safe;
}

/* A linear scale from values to places on the picture. */
struct axis {
	double most;
	double from, to;

	double at(double value) const
	{
		return from + (to - from) * value / most;
	}
};

/* The next of 1, 2, 5, 10, ... that is not below. */
double round_up(double value)
{
	const double power = std::pow(10, std::floor(std::log10(value)));

	for (const double step : {1.0, 2.0, 5.0})
		if (value <= step * power)
			return step * power;
	return 10 * power;
}

constexpr int width = 640, height = 420;

std::string axes(const axis &x, const axis &y)
{
	constexpr int steps = 5;
	std::string text;

	for (int i = 0; i <= steps; i++) {
		const double us = x.most * i / steps,
			     share = y.most * i / steps;

		text += fmt::format(
			"<line x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1:.1f}\" "
			"y2=\"{2:.1f}\" class=\"grid\"/>"
			"<text x=\"{0:.1f}\" y=\"{3:.1f}\" "
			"text-anchor=\"middle\">{4:g}</text>\n",
			x.at(us), y.from, y.to, y.from + 18, us);
		text += fmt::format(
			"<line x1=\"{0:.1f}\" x2=\"{1:.1f}\" y1=\"{2:.1f}\" "
			"y2=\"{2:.1f}\" class=\"grid\"/>"
			"<text x=\"{3:.1f}\" y=\"{4:.1f}\" "
			"text-anchor=\"end\">{5:g} %</text>\n",
			x.from, x.to, y.at(share), x.from - 8, y.at(share) + 4,
			share);
	}
	return text;
}

} /* namespace */

std::string trial_table(const trial &t, const std::string &of)
{
	std::string text =
		wrapped("", fmt::format("{} of {}; {} % of them repeat one "
					"value, and need no codec",
					counted(t.pages, "page"), printable(of),
					whole_percent(t.same, t.pages)));

	text += "\n           MEMORY   OF PAGES  RATIO    HUGE  WRITE us  READ "
		"us\n";
	for (const trial_row &row : t.rows) {
		const uint64_t taken = row.taken + t.same_taken;

		text += fmt::format(
			"{:<9}{:>8}{:>9.1f} %{:>7.2f}{:>6} "
			"%{:>10.2f}{:>9.2f}{}\n",
			row.codec, short_bytes(taken), taken_percent(t, row),
			static_cast<double>(t.pages * codec_page) /
				static_cast<double>(
					std::max(taken, uint64_t{1})),
			whole_percent(row.huge, t.pages), row.write_us,
			row.read_us, row.wrong ? "  WRONG" : "");
	}
	return text + "\n" +
	       wrapped("", "Memory is what this zram takes for them, with its "
			   "size classes and tables. "
			   "Times are of one page, here and now, in user "
			   "space; huge pages did not "
			   "become smaller.");
}

std::string trial_svg(const trial &t, const std::string &of)
{
	double most_us = 1, most_share = 1;
	std::string points;

	for (const trial_row &row : t.rows) {
		/* What is far slower than all others leaves no room for them.
		 */
		most_us = std::max({most_us, row.write_us, row.read_us});
		most_share = std::max(most_share, taken_percent(t, row));
	}
	const axis x{round_up(most_us), 70, width - 90.0};
	const axis y{round_up(most_share), height - 60.0, 50};

	for (const trial_row &row : t.rows) {
		const double at = y.at(taken_percent(t, row));

		points += fmt::format(
			"<line x1=\"{0:.1f}\" x2=\"{1:.1f}\" y1=\"{2:.1f}\" "
			"y2=\"{2:.1f}\" class=\"link\"/>"
			"<circle cx=\"{0:.1f}\" cy=\"{2:.1f}\" r=\"5\" "
			"class=\"read\"/>"
			"<circle cx=\"{1:.1f}\" cy=\"{2:.1f}\" r=\"5\" "
			"class=\"write\"/>"
			"<text x=\"{3:.1f}\" y=\"{4:.1f}\">{5}</text>\n",
			x.at(row.read_us), x.at(row.write_us), at,
			x.at(std::max(row.write_us, row.read_us)) + 9, at + 4,
			escaped(row.codec));
	}
	return fmt::format(
		"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} "
		"{1}\" width=\"{0}\" height=\"{1}\">\n"
		"<style>text {{ font: 12px sans-serif; fill: #222 }} .grid {{ "
		"stroke: #ddd }} "
		".link {{ stroke: #999 }} .read {{ fill: #2a7 }} .write {{ "
		"fill: #c50 }}</style>\n"
		"<rect width=\"{0}\" height=\"{1}\" fill=\"#fff\"/>\n"
		"<text x=\"70\" y=\"24\" style=\"font-weight:bold\">Memory "
		"against time: {2}</text>\n"
		"{3}{4}"
		"<text x=\"{5}\" y=\"{6}\" text-anchor=\"middle\">microseconds "
		"a page: "
		"<tspan style=\"fill:#2a7\">read</tspan>, <tspan "
		"style=\"fill:#c50\">write</tspan></text>\n"
		"</svg>\n",
		width, height, escaped(of), axes(x, y), points, width / 2,
		height - 20);
}

} /* namespace zsmctl */
