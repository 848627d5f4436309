// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/show/words.hh"

#include "tools/zsmctl/figures/device.hh"
#include "tools/zsmctl/figures/findings.hh"
#include "tools/zsmctl/figures/units.hh"
#include "tools/zsmctl/show/cache.hh"
#include "tools/zsmctl/show/sentences.hh"
#include "tools/zsmctl/show/text.hh"

#include <cerrno>
#include <fmt/format.h>

namespace zsmctl {

namespace {

std::string driver_words(const zram_driver &driver)
{
	if (!driver.loaded)
		return "not loaded";
	return driver.ours() ? "zsm " + driver.version
			     : "the kernel's own driver";
}

std::string unread_caches(int error)
{
	return error == EACCES   ? "are told to root alone"
	       : error == ENOENT ? "are told by dmsetup, which is not here"
				 : "are not told: dmsetup has failed";
}

std::string machine_words(const system_state &s)
{
	const machine &m = s.memory;
	std::string text =
		wrapped("memory  ", fmt::format("{}, of which {} are available",
						human_bytes(m.total),
						human_bytes(m.available)));

	text += wrapped("swap    ",
			m.swap_total ? fmt::format("{}, of which {} are in use",
						   human_bytes(m.swap_total),
						   human_bytes(m.swap_total -
							       m.swap_free))
				     : "none");
	text += wrapped("zram    ", driver_words(s.driver));
	if (s.caches.error)
		text += wrapped("caches  ", unread_caches(s.caches.error));
	text += wrapped("zswap   ", !s.zswap           ? "not in this kernel"
				    : s.zswap->enabled ? "on"
						       : "off");
	return text;
}

std::string use_words(const system_state &s, const zram_device &d)
{
	const swap_area *const area = swap_on(s.memory, d.name);
	std::string holders;

	if (area)
		return fmt::format("swap with priority {}", area->priority);
	if (!d.mounted.empty())
		return "mounted on " + printable(d.mounted);
	for (const std::string &holder : d.holders)
		holders += " " + holder;
	if (!holders.empty())
		return "used by" + holders;
	return d.size.value_or(0) ? "not in use" : "free";
}

/* Its names, if the caller may know them. */
std::string swap_names(const system_state &s, const zram_device &d)
{
	const swap_area *const area = swap_on(s.memory, d.name);
	std::string text;

	if (area && !area->label.empty())
		text = "label " + printable(area->label);
	if (area && !area->uuid.empty())
		text += (text.empty() ? "UUID " : ", UUID ") + area->uuid;
	return text.empty() ? text : wrapped("  ", text);
}

std::string algorithm_words(const zram_device &d)
{
	std::string text;

	if (d.algorithm.selected.empty() || !d.size.value_or(0))
		return {};
	text = "; compresses with " + d.algorithm.selected;
	for (size_t i = 0; i < d.secondary.size(); i++)
		text += (i ? ", " : ", and again with ") + d.secondary[i];
	return text;
}

/* What is counted, as a ratio means nothing without it. */
std::string counted_words(const system_state &s, const device_figures &f)
{
	const std::string codec =
		f.codec_ratio()
			? fmt::format(
				  "; the algorithm alone has made {:.2f} to 1",
				  *f.codec_ratio())
			: std::string();

	if (s.driver.ours())
		return "with all that the device takes counted" + codec;
	return fmt::format(
		"with at least {} of tables that the driver does not count{}",
		human_bytes(f.uncounted), codec);
}

std::string tier_words(const zram_device &d, const device_figures &f)
{
	const std::string taken = human_bytes(f.taken + f.uncounted);

	if (d.backing.empty())
		return fmt::format("holds {} of pages in {} of memory",
				   human_bytes(f.stored), taken);
	return fmt::format("holds {} of pages: {} in {} of memory, {} on {}",
			   human_bytes(f.stored), human_bytes(f.in_memory),
			   taken, f.on_disk ? human_bytes(f.on_disk) : "none",
			   printable(d.backing));
}

std::string content_words(const device_figures &f)
{
	std::string text;

	if (!f.in_memory)
		return {};
	text = fmt::format("of its pages in memory {} % are one repeated value "
			   "and {} % did not compress",
			   whole_percent(f.same, f.in_memory),
			   whole_percent(f.huge, f.in_memory));
	if (f.oldest)
		text += fmt::format("; the oldest are of age {} of {}",
				    *f.oldest + 1, f.ages);
	return text;
}

std::string device_words(const system_state &s, const zram_device &d)
{
	const device_figures f = figures_of(d, s.driver.ours(), s.page_size);
	std::string text;

	text += "\n";
	if (d.gone)
		text += d.name + "\n";
	else
		text += wrapped("", d.name + ": " + use_words(s, d) +
					    algorithm_words(d)) +
			swap_names(s, d);
	if (d.memory && f.size) {
		text += wrapped("  ", tier_words(d, f));
		if (f.ratio())
			text += wrapped("  ", fmt::format("ratio {:.2f} to 1, ",
							  *f.ratio()) +
						      counted_words(s, f));
		text += f.in_memory ? wrapped("  ", content_words(f)) : "";
	}
	return text + finding_words(device_findings(s, d));
}

std::string zswap_words(const system_state &s)
{
	if (!s.zswap || !s.zswap->enabled)
		return {};
	const zswap_state &z = *s.zswap;
	std::string text =
		"\n" +
		wrapped("", "zswap: before all swap; compresses with " +
				    z.compressor +
				    (z.pool.empty() ? "" : ", in " + z.pool));

	if (z.stored && z.taken) {
		std::string holds = fmt::format(
			"holds {} of pages in {} of memory",
			human_bytes(*z.stored), human_bytes(*z.taken));

		if (*z.taken && *z.stored)
			holds += fmt::format(
				", {:.2f} to 1, with the allocator's pages "
				"counted",
				static_cast<double>(*z.stored) /
					static_cast<double>(*z.taken));
		text += wrapped("  ", holds);
	}
	if (z.written_back_pages)
		text += wrapped(
			"  ",
			fmt::format("has written {} to the swap behind it; its "
				    "limit was hit {}",
				    counted(*z.written_back_pages, "page"),
				    counted(z.limit_hits.value_or(0), "time")));
	return text + finding_words(zswap_findings(s));
}

} /* namespace */

std::string in_words(const system_state &s)
{
	std::string text = machine_words(s);
	const std::string general = finding_words(system_findings(s));

	text += general;
	if (s.devices.empty() && s.caches.caches.empty() &&
	    !(s.zswap && s.zswap->enabled))
		return text + "\n" +
		       wrapped("", "No memory is compressed here: `zsmctl "
				   "setup' sets that up.");
	for (const zram_device &d : s.devices)
		text += device_words(s, d);
	text += zswap_words(s);
	for (const zcache_state &z : s.caches.caches)
		text += cache_words(z);
	return text;
}

} /* namespace zsmctl */
