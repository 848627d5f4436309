// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/show/live.hh"

#include "tools/zsmctl/figures/device.hh"
#include "tools/zsmctl/figures/rates.hh"
#include "tools/zsmctl/figures/units.hh"
#include "tools/zsmctl/show/text.hh"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace zsmctl {

namespace {

std::string microseconds(const std::optional<double> &us)
{
	return us ? fmt::format("{:.0f}", *us) : "-";
}

std::string maybe_bytes(uint64_t bytes)
{
	return bytes ? short_bytes(bytes) : "-";
}

std::string ratio_text(const std::optional<double> &ratio)
{
	return ratio ? fmt::format("{:.2f}", *ratio) : "-";
}

/* The device as it was, if it was there; else as it is now, so that all rates
 * are 0. */
const zram_device &before_of(const live_view &v, const zram_device &now)
{
	for (const zram_device &d : v.before.devices)
		if (d.name == now.name)
			return d;
	return now;
}

std::string algorithms(const zram_device &d)
{
	std::string text = d.algorithm.selected;

	for (const std::string &name : d.secondary)
		text += "+" + name;
	return text;
}

/* Columns of 80: a name, nine figures, and what compresses. */
std::string device_row(const live_view &v, const zram_device &d, bool chosen)
{
	const device_figures f =
		figures_of(d, v.now.driver.ours(), v.now.page_size);
	const rates r = rates_of(before_of(v, d), d, v.seconds);

	return fmt::format(
		"{}{:<7}{:>6}{:>7}{:>6}{:>6}{:>6}{:>7}{:>8}{:>6}{:>6}  {}",
		chosen ? ">" : " ", d.name, short_bytes(f.stored),
		short_bytes(f.taken + f.uncounted), maybe_bytes(f.limit),
		ratio_text(f.ratio()), maybe_bytes(f.on_disk),
		short_rate(r.read), short_rate(r.written),
		microseconds(r.read_us), microseconds(r.write_us),
		algorithms(d));
}

const char device_title[] = " DEVICE STORED MEMORY LIMIT RATIO  DISK READ/s "
			    "WRITE/s  R-us  W-us  CODEC";

std::string zswap_row(const zswap_state &z)
{
	const uint64_t stored = z.stored.value_or(0);
	const uint64_t taken = z.taken.value_or(0);
	std::optional<double> ratio;

	if (stored && taken)
		ratio = static_cast<double>(stored) /
			static_cast<double>(taken);
	return fmt::format(
		" {:<7}{:>6}{:>7}{:>6}{:>6}{:>6}{:>7}{:>8}{:>6}{:>6}  {}",
		"zswap", short_bytes(stored), short_bytes(taken), "",
		ratio_text(ratio), "", "", "", "", "", z.compressor);
}

void add_head(const live_view &v, std::vector<std::string> &lines)
{
	const machine &m = v.now.memory;
	const auto stalled = stalled_percent(v.before.memory, m, v.seconds);

	lines.push_back(fmt::format(
		"zsmctl top {}   memory {}, {} available   swap {}, {} used",
		v.clock, short_bytes(m.total), short_bytes(m.available),
		short_bytes(m.swap_total),
		short_bytes(m.swap_total -
			    std::min(m.swap_free, m.swap_total))));
	if (!m.waiting)
		lines.emplace_back("this kernel does not tell how long tasks "
				   "wait for memory");
	else
		lines.push_back(fmt::format(
			"tasks waited for memory {} of this interval; in 10 s "
			"{:.1f} %, all at once {:.1f} %",
			stalled ? fmt::format("{:.1f} %", *stalled) : "-",
			m.waiting->some, m.waiting->full));
	lines.emplace_back();
}

void add_graphs(const live_view &v, std::vector<std::string> &lines)
{
	const device_figures sum = figures_of_all(v.now);

	lines.emplace_back();
	lines.push_back(fmt::format("memory {} {}",
				    sparkline(v.memory, v.unicode),
				    short_bytes(sum.taken + sum.uncounted)));
	if (sum.on_disk || std::any_of(v.disk.begin(), v.disk.end(),
				       [](uint64_t n) { return n != 0; }))
		lines.push_back(fmt::format("disk   {} {}",
					    sparkline(v.disk, v.unicode),
					    short_bytes(sum.on_disk)));
}

/* The classes that waste most, and the sum of all. */
void add_classes(const live_view &v, std::vector<std::string> &lines)
{
	constexpr size_t shown = 6;
	std::vector<size_class> classes = v.classes;
	uint64_t pages = 0, unused = 0, gain = 0;

	if (classes.empty() || v.chosen >= v.now.devices.size())
		return;
	for (const size_class &c : classes) {
		pages += c.pages;
		unused += c.unused;
		gain += c.gain;
	}
	std::sort(classes.begin(), classes.end(),
		  [](const size_class &a, const size_class &b) {
			  return a.unused > b.unused;
		  });
	lines.emplace_back();
	lines.push_back(fmt::format("pool of {}: {:.1f} % of its pages hold no "
				    "object; compaction would free {:.1f} %",
				    v.now.devices[v.chosen].name,
				    percent(unused, pages * v.now.page_size),
				    percent(gain, pages)));
	lines.emplace_back("   SIZE   OBJECTS     PAGES    UNUSED");
	for (size_t i = 0; i < std::min(shown, classes.size()); i++)
		lines.push_back(fmt::format("{:>7}{:>10}{:>10}{:>10}",
					    classes[i].size, classes[i].objects,
					    classes[i].pages,
					    short_bytes(classes[i].unused)));
}

/* By characters, not bytes. */
std::string cut(const std::string &text, size_t width)
{
	std::string kept;
	size_t n = 0;

	for (const char c : text) {
		n += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
		if (n > width)
			break;
		kept += c;
	}
	return kept;
}

} /* namespace */

std::string sparkline(const std::deque<uint64_t> &values, bool unicode)
{
	constexpr std::array blocks{" ",      "\u2581", "\u2582",
				    "\u2583", "\u2584", "\u2585",
				    "\u2586", "\u2587", "\u2588"};
	constexpr std::array plain{" ", ".", ":", "-", "=", "+", "*", "%", "#"};
	const uint64_t most = values.empty() ? 0
					     : *std::max_element(values.begin(),
								 values.end());
	std::string line(live_history - std::min(live_history, values.size()),
			 ' ');

	for (const uint64_t value : values) {
		/* What is not nothing is seen. */
		const size_t level =
			most ? (8 * (value / 16) + most / 16) / (most / 16 + 1)
			     : 0;
		const size_t at = value ? std::clamp<size_t>(level, 1, 8) : 0;

		line += unicode ? blocks.at(at) : plain.at(at);
	}
	return line;
}

std::vector<std::string> live_lines(const live_view &v, size_t width,
				    size_t height)
{
	constexpr size_t rest = 13; /* graphs, classes and keys */
	std::vector<std::string> lines;

	add_head(v, lines);
	lines.emplace_back(device_title);
	/* The chosen device is seen, however many there are. */
	const size_t room =
		height > lines.size() + rest ? height - lines.size() - rest : 3;
	const size_t count = v.now.devices.size();
	const size_t first = v.chosen >= room ? v.chosen - room + 1 : 0;

	for (size_t i = first; i < std::min(first + room, count); i++)
		lines.push_back(device_row(v, v.now.devices[i], i == v.chosen));
	if (count > room)
		lines.push_back(fmt::format(
			"        {} of {} devices; n: the next", room, count));
	if (v.now.zswap && v.now.zswap->enabled)
		lines.push_back(zswap_row(*v.now.zswap));
	if (!count && !(v.now.zswap && v.now.zswap->enabled))
		lines.emplace_back(" No memory is compressed here.");
	add_graphs(v, lines);
	if (v.classes_wanted)
		add_classes(v, lines);
	if (lines.size() >= height && height)
		lines.resize(height - 1);
	while (lines.size() + 1 < height)
		lines.emplace_back();
	lines.push_back(fmt::format("q quit  n p device  c classes  + - "
				    "interval ({:g} s)  space now",
				    v.interval));
	for (std::string &line : lines)
		line = cut(line, width);
	return lines;
}

std::string live_row_title()
{
	return "TIME      STORED  MEMORY   RATIO    DISK  READ/s WRITE/s  "
	       "AVAIL  SWAPPED  WAIT-%";
}

std::string live_row(const live_view &v)
{
	const device_figures sum = figures_of_all(v.now);
	const machine &m = v.now.memory;
	const auto stalled = stalled_percent(v.before.memory, m, v.seconds);
	double read = 0, written = 0;

	for (const zram_device &d : v.now.devices) {
		const rates r = rates_of(before_of(v, d), d, v.seconds);

		read += r.read;
		written += r.written;
	}
	return fmt::format(
		"{:<8}{:>8}{:>8}{:>8}{:>8}{:>8}{:>8}{:>7}{:>9}{:>8}", v.clock,
		short_bytes(sum.stored), short_bytes(sum.taken + sum.uncounted),
		ratio_text(sum.ratio()), maybe_bytes(sum.on_disk),
		short_rate(read), short_rate(written), short_bytes(m.available),
		short_bytes(m.swap_total - std::min(m.swap_free, m.swap_total)),
		stalled ? fmt::format("{:.1f}", *stalled) : "-");
}

} /* namespace zsmctl */
