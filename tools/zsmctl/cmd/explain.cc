// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/cmd/explain.hh"

#include "tools/zsmctl/cmd/device.hh"
#include "tools/zsmctl/figures/advice.hh"
#include "tools/zsmctl/figures/device.hh"
#include "tools/zsmctl/figures/units.hh"
#include "tools/zsmctl/show/progress.hh"
#include "tools/zsmctl/show/text.hh"
#include "tools/zsmctl/show/trial.hh"
#include "tools/zsmctl/sys/interrupt.hh"
#include "tools/zsmctl/sys/memory_sample.hh"
#include "tools/zsmctl/sys/system.hh"

#include <algorithm>
#include <cstring>
#include <ctime>
#include <fmt/format.h>
#include <random>
#include <unistd.h>

namespace zsmctl {

namespace {

double seconds_since_boot()
{
	std::timespec now = {};

	::clock_gettime(CLOCK_BOOTTIME, &now);
	return static_cast<double>(now.tv_sec) +
	       static_cast<double>(now.tv_nsec) / 1e9;
}

/* Pages of a stream, each as likely to be kept as any other. */
class reservoir {
public:
	explicit reservoir(size_t room) : room_(room) {}

	void offer(const block_line &line)
	{
		seen_++;
		if (kept.size() < room_) {
			kept.push_back(line);
			return;
		}
		const uint64_t at = std::uniform_int_distribution<uint64_t>(
			0, seen_ - 1)(numbers_);

		if (at < room_)
			kept[at] = line;
	}

	std::vector<block_line> kept;

private:
	size_t room_;
	uint64_t seen_ = 0;
	std::mt19937_64 numbers_{std::random_device{}()};
};

void look_at_pages(const tree &files, const std::string &device, double now,
		   page_census &census, reservoir &sample)
{
	progress bar("looking at the pages of " + device, 0);
	uint64_t seen = 0;
	const int error =
		each_block(files, device, [&](const block_line &line) {
			census.count(line, now);
			if (!line.away && !line.same)
				sample.offer(line);
			if (++seen % 65536 == 0)
				bar.reached(seen * codec_page);
			return !interrupted();
		});

	if (error)
		throw failure(status_of(error),
			      fmt::format("{}'s pages cannot be looked at, for "
					  "which the kernel must have debugfs "
					  "and zram's block_state: {}",
					  device, std::strerror(error)));
}

/* Of the sample, what the codecs are tried on: a page may be gone, or another
 * by now. */
page_sample read_sample(const std::string &device,
			const std::vector<block_line> &lines, double now,
			std::vector<sampled_page> &facts)
{
	page_sample sample;
	std::vector<uint64_t> numbers;

	for (const block_line &line : lines)
		numbers.push_back(line.page);
	const int error = sample_pages(
		"/dev/" + device, codec_page, numbers,
		[&](size_t i, const uint8_t *page) {
			if (repeats_one_value(page))
				return;
			sample.add(page);
			facts.push_back(
				{.old = now - lines[i].accessed >= old_seconds,
				 .fresh = !lines[i].again && !lines[i].tried});
		});

	if (error)
		throw failure(status_of(error),
			      fmt::format("{} cannot be read: {}", device,
					  std::strerror(error)));
	return sample;
}

void say(const std::string &sentence)
{
	fmt::print("{}", wrapped("  - ", sentence));
}

void explain_machine(const system_state &s)
{
	const device_figures f = figures_of_all(s);
	const machine &m = s.memory;

	fmt::print(
		"{}",
		wrapped("",
			fmt::format(
				"Of the machine's {} of memory {} are "
				"available; compressed pages take {}, {} %.",
				human_bytes(m.total), human_bytes(m.available),
				human_bytes(f.taken + f.uncounted),
				whole_percent(f.taken + f.uncounted,
					      m.total))));
	if (m.waiting)
		fmt::print(
			"{}",
			wrapped("", fmt::format("In the last ten seconds tasks "
						"have waited for memory {:.0f} "
						"% of the time.",
						m.waiting->some)));
}

void explain_device(const tree &files, const system_state &s,
		    const zram_device &d, size_t pages)
{
	const device_figures f = figures_of(d, s.driver.ours(), s.page_size);
	const double now = seconds_since_boot();
	advice_facts facts;
	reservoir lines(pages);

	fmt::print(
		"\n{}",
		wrapped("", fmt::format("{}: {} of pages, of which {} are in "
					"{} of memory",
					d.name, human_bytes(f.stored),
					human_bytes(f.in_memory),
					human_bytes(f.taken + f.uncounted))));
	look_at_pages(files, d.name, now, facts.all, lines);
	const page_sample sample =
		read_sample(d.name, lines.kept, now, facts.sample);

	facts.tried = try_codecs(sample, all_codecs(), interrupted);
	say(fmt::format("{} of its pages in memory were not used for an hour, "
			"{} %; {} % did not compress",
			human_bytes(facts.all.old * codec_page),
			whole_percent(facts.all.old, facts.all.packed),
			whole_percent(facts.all.huge, facts.all.packed)));
	for (const std::string &sentence : advice(d, facts))
		say(sentence);
	if (sample.size())
		fmt::print("\n{}", trial_table(facts.tried, d.name));
}

} /* namespace */

exit_status run_explain(const tree &files, const explain_options &options)
{
	if (!files.live())
		throw failure(EXIT_USAGE, "--root shows another machine, of "
					  "which there are no pages");
	if (::geteuid())
		throw failure(EXIT_DENIED, "only root may look at pages");
	if (::sysconf(_SC_PAGESIZE) != static_cast<long>(codec_page))
		throw failure(EXIT_FAILED,
			      fmt::format("this build knows pages of {} bytes, "
					  "and the machine has others",
					  codec_page));
	const auto names = devices_named(files, options.devices);
	const system_state s = read_system(files);
	bool any = false;

	catch_interrupts();
	explain_machine(s);
	for (const zram_device &d : s.devices) {
		if (std::find(names.begin(), names.end(), d.name) ==
			    names.end() ||
		    !d.memory || !d.memory->stored)
			continue;
		explain_device(files, s, d, options.pages);
		any = true;
		if (interrupted())
			return EXIT_INTERRUPTED;
	}
	if (!any)
		throw failure(EXIT_ABSENT, "no zram device holds anything");
	return EXIT_DONE;
}

} /* namespace zsmctl */
