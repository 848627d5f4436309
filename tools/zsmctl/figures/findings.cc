// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/figures/findings.hh"

#include "tools/zsmctl/figures/device.hh"
#include "tools/zsmctl/figures/units.hh"

#include <cstring>
#include <fmt/format.h>
#include <limits>

namespace zsmctl {

namespace {

using severity::fact;
using severity::notice;
using severity::problem;

/* From this share on, what is limited counts as nearly used up. */
constexpr unsigned nearly_full = 95;
/* Tasks that wait longer for memory feel slow. */
constexpr double slow_percent = 10;

class device_view {
public:
	device_view(const system_state &system, const zram_device &device)
		: system_(system),
		  device_(device),
		  figures_(figures_of(device, system.driver.ours(),
				      system.page_size)),
		  swap_(swap_on(system.memory, device.name))
	{
	}

	std::vector<finding> all()
	{
		if (device_.gone) {
			say("gone", notice,
			    "was removed while it was being looked at");
			return std::move(findings_);
		}
		unread();
		if (!device_.size)
			return std::move(findings_);
		if (!*device_.size) {
			say("no-size", fact,
			    "has no size yet, so that it can hold nothing: see "
			    "`zsmctl setup'");
			return std::move(findings_);
		}
		memory();
		size();
		if (!device_.backing.empty())
			disk();
		failures();
		contents();
		return std::move(findings_);
	}

private:
	void say(const char *name, severity level, std::string text)
	{
		findings_.push_back({name, level, std::move(text)});
	}

	void unread()
	{
		for (const unread_file &u : device_.unread)
			say("unread", notice,
			    fmt::format("its file {} cannot be read: {}",
					u.name, std::strerror(u.error)));
	}

	void memory()
	{
		if (!device_.memory)
			return;
		if (figures_.limit)
			limited_memory();
		else
			unlimited_memory();
	}

	void limited_memory()
	{
		const unsigned used =
			whole_percent(figures_.taken, figures_.limit);
		const bool leaves = device_.worker && device_.worker->on;
		const std::string then =
			leaves ? fmt::format("from {} % on the oldest pages go "
					     "to disk",
					     device_.worker->high)
			       : "when it is reached, writes to it fail";

		say("memory-limit",
		    used >= nearly_full && !leaves ? problem : fact,
		    fmt::format(
			    "limited by memory: {} of {} are used, {} %; {}",
			    human_bytes(figures_.taken),
			    human_bytes(figures_.limit), used, then));
	}

	void unlimited_memory()
	{
		const auto full = figures_.taken_if_full();
		const uint64_t total = system_.memory.total;

		if (!full) {
			say("no-memory-limit", fact,
			    "may take as much memory as its pages need: no "
			    "limit is set");
			return;
		}
		const bool too_much = total && *full > total / 10 * 9;

		say("no-memory-limit", too_much ? problem : fact,
		    fmt::format("has no limit of memory: full of pages like "
				"these it would take {}{}",
				human_bytes(*full),
				total ? fmt::format(" of the machine's {}",
						    human_bytes(total))
				      : std::string()));
	}

	/* Swap counts slots that are not stored, as one value or not at all. */
	void size()
	{
		const uint64_t held = swap_ ? swap_->used : figures_.stored;
		const unsigned used = whole_percent(held, figures_.size);

		say("size", swap_ && used >= nearly_full ? problem : fact,
		    fmt::format("limited by its size: {} of {} of pages are "
				"{}, {} %",
				human_bytes(held), human_bytes(figures_.size),
				swap_ ? "swapped to it" : "stored", used));
	}

	void disk()
	{
		if (device_.worker)
			worker(*device_.worker);
		if (device_.writeback_budget && !*device_.writeback_budget)
			say("budget-spent", notice,
			    "its budget of writes is spent (writeback_limit): "
			    "no page goes to disk until there is a new one");
		else if (device_.writeback_budget)
			say("budget", fact,
			    fmt::format(
				    "may still write {} to disk "
				    "(writeback_limit)",
				    human_bytes(*device_.writeback_budget)));
	}

	void worker(const writeback_worker &w)
	{
		if (!w.on && w.state != "failed")
			say("no-writeback", fact,
			    "writes pages to disk only when asked to, with "
			    "`zsmctl writeback': writeback_auto is off");
		else if (w.state == "full")
			say("disk-full", problem,
			    fmt::format("{} is full: pages stay in memory",
					device_.backing));
		else if (w.state == "failed")
			say("disk-failed", problem,
			    fmt::format("writes to {} have failed, so that it "
					"does not write any more; when the "
					"disk is well, set writeback_auto to 1",
					device_.backing));
		else if (w.state == "spent")
			say("rate-spent", notice,
			    "has written as much to disk as it may for now "
			    "(writeback_rate, writeback_daily or "
			    "writeback_limit)");
		else if (w.state == "young")
			say("all-young", notice,
			    "wants to write pages to disk, but all have been "
			    "in use a moment ago");
		else if (w.state == "writing")
			say("writing", fact,
			    fmt::format("is writing its oldest pages to {}",
					device_.backing));
		if (w.waits_in_vain)
			say("waits-failed", problem,
			    fmt::format("{} waited for room and found none: {} "
					"is too slow or too small",
					counted(w.waits_in_vain, "write"),
					device_.backing));
	}

	void failures()
	{
		if (!device_.failures)
			return;
		if (device_.failures->failed_writes)
			say("failed-writes", problem,
			    fmt::format(
				    "{} failed since it was set up: {}",
				    counted(device_.failures->failed_writes,
					    "write"),
				    figures_.limit
					    ? "the limit of memory was "
					      "reached, or there was none left"
					    : "there was no memory left"));
		if (device_.failures->failed_reads)
			say("failed-reads", problem,
			    fmt::format("{} failed since it was set up: these "
					"pages are lost to their users",
					counted(device_.failures->failed_reads,
						"read")));
	}

	void contents()
	{
		/* A few hundred pages say nothing. */
		constexpr uint64_t enough = 4 << 20;
		const unsigned huge =
			whole_percent(figures_.huge, figures_.in_memory);

		if (figures_.in_memory < enough || huge < 30)
			return;
		say("incompressible", notice,
		    fmt::format("{} % of its pages in memory did not compress"
				"{}",
				huge,
				device_.backing.empty()
					? ""
					: ": `zsmctl writeback --huge' moves "
					  "them to disk"));
	}

	const system_state &system_;
	const zram_device &device_;
	device_figures figures_;
	const swap_area *swap_;
	std::vector<finding> findings_;
};

/* Swap on disks that the kernel prefers to compressed memory. */
void swap_order(const system_state &system, std::vector<finding> &findings)
{
	int64_t lowest = std::numeric_limits<int64_t>::max();
	std::string device;

	for (const zram_device &d : system.devices) {
		const swap_area *area = swap_on(system.memory, d.name);

		if (area && area->priority < lowest) {
			lowest = area->priority;
			device = d.name;
		}
	}
	if (device.empty())
		return;
	for (const swap_area &area : system.memory.swaps)
		if (!is_zram_node(area.path) && area.priority >= lowest)
			findings.push_back(
				{"swap-order", problem,
				 fmt::format("the kernel swaps to {} (priority "
					     "{}) before, or along with, {} "
					     "(priority {})",
					     area.path, area.priority, device,
					     lowest)});
}

bool any_zram_swap(const system_state &system)
{
	for (const zram_device &d : system.devices)
		if (swap_on(system.memory, d.name))
			return true;
	return false;
}

} /* namespace */

const char *severity_name(severity s)
{
	switch (s) {
	case severity::fact:
		return "fact";
	case severity::notice:
		return "notice";
	case severity::problem:
		break;
	}
	return "problem";
}

std::vector<finding> device_findings(const system_state &system,
				     const zram_device &device)
{
	return device_view(system, device).all();
}

std::vector<finding> zswap_findings(const system_state &system)
{
	std::vector<finding> findings;

	if (!system.zswap || !system.zswap->enabled)
		return findings;
	const zswap_state &z = *system.zswap;
	const uint64_t limit = system.memory.total / 100 * z.max_percent;

	if (z.taken && limit) {
		const unsigned used = whole_percent(*z.taken, limit);

		findings.push_back(
			{"memory-limit", used >= nearly_full ? notice : fact,
			 fmt::format("limited by memory: {} of {} are used, {} "
				     "% (max_pool_percent is {}); beyond, "
				     "pages go to the swap behind it",
				     human_bytes(*z.taken), human_bytes(limit),
				     used, z.max_percent)});
	}
	if (!system.memory.swap_total)
		findings.push_back(
			{"no-swap", notice,
			 "has nothing to do: there is no swap behind it"});
	return findings;
}

std::vector<finding> system_findings(const system_state &system)
{
	std::vector<finding> findings;

	swap_order(system, findings);
	if (system.zswap && system.zswap->enabled && any_zram_swap(system))
		findings.push_back({"compressed-twice", problem,
				    "zswap is on in front of zram: pages are "
				    "compressed twice; turn one of them off"});
	if (system.memory.waiting &&
	    system.memory.waiting->some >= slow_percent)
		findings.push_back(
			{"pressure", notice,
			 fmt::format("tasks have waited for memory {:.0f} % of "
				     "the last ten seconds",
				     system.memory.waiting->some)});
	return findings;
}

} /* namespace zsmctl */
