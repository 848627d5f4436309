// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/figures/plan.hh"

#include "tools/zsmctl/figures/units.hh"

#include <algorithm>
#include <fmt/format.h>

namespace zsmctl {

namespace {

constexpr uint64_t mib = 1 << 20;
/* Devices have at most 2^32 pages. */
constexpr uint64_t most_pages = uint64_t{1} << 32;

bool offers(const abilities &can, const std::string &name)
{
	return std::find(can.algorithms.begin(), can.algorithms.end(), name) !=
	       can.algorithms.end();
}

/* The first of @names that is offered and is not @other. */
std::string first_of(const abilities &can,
		     std::initializer_list<const char *> names,
		     const std::string &other = {})
{
	for (const char *name : names)
		if (name != other && offers(can, name))
			return name;
	return {};
}

uint64_t whole_mib(uint64_t bytes)
{
	return std::max(bytes / mib, uint64_t{1}) * mib;
}

void choose_algorithms(plan &p, const abilities &can, const wishes &want)
{
	/* The fast ones first: a page that is read back must not wait. */
	p.algorithm = want.algorithm.value_or(
		first_of(can, {"w64", "lz4", "lzo-rle", "zstd"}));
	if (p.algorithm.empty())
		p.algorithm = can.selected;
	if (want.algorithm && !offers(can, *want.algorithm))
		p.refusals.push_back(fmt::format(
			"the driver does not offer {}; it has {}",
			*want.algorithm, fmt::join(can.algorithms, ", ")));
	if (want.secondary)
		p.secondary = *want.secondary;
	else if (can.secondary)
		p.secondary = first_of(can, {"w64hc", "zstd"}, p.algorithm);
	if (p.secondary.empty())
		return;
	if (!can.secondary)
		p.refusals.push_back("this driver cannot compress pages again, "
				     "with a second algorithm");
	else if (!offers(can, p.secondary))
		p.refusals.push_back(fmt::format(
			"the driver does not offer {}; it has {}", p.secondary,
			fmt::join(can.algorithms, ", ")));
}

void choose_sizes(plan &p, const machine &m, const wishes &want)
{
	if (want.memory_percent)
		p.memory = *want.memory_percent
				   ? whole_mib(m.total * *want.memory_percent /
					       100)
				   : 0;
	else
		p.memory = want.memory.value_or(whole_mib(m.total / 2));
	if (want.size)
		p.size = *want.size;
	else
		p.size = whole_mib((p.memory ? p.memory : m.total / 2) *
					   expected_ratio +
				   want.disk_bytes);
	if (!p.size)
		p.refusals.emplace_back("a device of no size can hold nothing");
	if (p.size / 4096 > most_pages)
		p.refusals.push_back(
			fmt::format("a device holds {} at the most",
				    human_bytes(most_pages * 4096)));
	if (m.total && p.memory > m.total)
		p.refusals.push_back(fmt::format(
			"{} is more memory than the machine has, {}",
			human_bytes(p.memory), human_bytes(m.total)));
}

/* What the device is for, and what goes with that. */
void choose_use(plan &p, const abilities &can, const wishes &want)
{
	p.mount = want.mount;
	p.fs = want.fs;
	p.label = want.label;
	p.parameters = want.parameters;
	p.only_below = want.only_below;
	if (!p.mount.empty() && p.mount.front() != '/')
		p.refusals.push_back(p.mount +
				     " is no folder from the root on");
	if (!p.parameters.empty() && !can.parameters)
		p.refusals.emplace_back(
			"this driver's algorithms take no parameters");
}

} /* namespace */

bool has_enough(const machine &m, const wishes &want)
{
	return want.only_below && m.total >= want.only_below;
}

plan propose(const machine &m, const std::string &device, const abilities &can,
	     const wishes &want)
{
	plan p;

	p.device = device;
	p.priority = want.priority;
	choose_algorithms(p, can, want);
	p.again = !p.secondary.empty() && can.again;
	choose_sizes(p, m, want);
	p.disk = want.disk;
	p.erase = want.erase;
	if (!p.disk.empty() && !can.disk)
		p.refusals.emplace_back(
			"this driver cannot write pages to a disk");
	p.worker = !p.disk.empty() && can.worker;
	choose_use(p, can, want);
	return p;
}

std::string plan_words(const plan &p, const machine &m)
{
	std::string text =
		fmt::format("{}: {} for {} of pages", p.device,
			    p.mount.empty() ? "swap" : p.fs + " on " + p.mount,
			    human_bytes(p.size));

	if (p.memory)
		text += fmt::format(" in at most {} of the machine's {}",
				    human_bytes(p.memory),
				    human_bytes(m.total));
	text += ", compressed with " + p.algorithm;
	if (!p.secondary.empty())
		text += fmt::format(" (again with {} {})", p.secondary,
				    p.again ? "if not used for an hour"
					    : "when asked");
	if (p.worker)
		text += fmt::format("; the oldest pages go to {}", p.disk);
	else if (!p.disk.empty())
		text += fmt::format("; pages go to {} when asked", p.disk);
	if (!p.parameters.empty())
		text += "; with " + p.parameters;
	return p.mount.empty() ? text + fmt::format("; priority {}", p.priority)
			       : text;
}

namespace {

std::vector<step> swap_steps(const plan &p, const std::string &node)
{
	step make{{}, {}, {"mkswap", node}};

	if (!p.label.empty())
		make.program = {"mkswap", "--label", p.label, node};
	return {make,
		{{},
		 {},
		 {"swapon", "-p", fmt::format("{}", p.priority), node}}};
}

std::vector<step> file_system_steps(const plan &p, const std::string &node)
{
	step make{{}, {}, {"mkfs", "-t", p.fs, node}};

	if (!p.label.empty())
		make.program = {"mkfs", "-t", p.fs, "-L", p.label, node};
	/* What files leave free is to be free memory. */
	return {make,
		{{}, {}, {"mkdir", "-p", p.mount}},
		{{}, {}, {"mount", "-o", "discard", node, p.mount}}};
}

} /* namespace */

std::vector<step> steps_of(const plan &p)
{
	const std::string folder = "/sys/block/" + p.device + "/";
	const std::string node = "/dev/" + p.device;
	std::vector<step> steps;
	const auto knob = [&](const char *name, std::string text) {
		steps.push_back({folder + name, std::move(text), {}});
	};

	knob("comp_algorithm", p.algorithm);
	if (!p.parameters.empty())
		knob("algorithm_params", p.parameters);
	if (!p.secondary.empty())
		knob("recomp_algorithm",
		     fmt::format("algo={} priority=1", p.secondary));
	if (p.again)
		knob("recompress_auto", "1");
	if (p.worker)
		knob("writeback_auto", "1");
	if (p.memory)
		knob("mem_limit", exact_bytes(p.memory));
	/* What cannot be undone comes when the driver has taken the others. */
	if (!p.disk.empty() && p.erase)
		steps.push_back(
			{{}, {}, {"wipefs", "--all", "--quiet", p.disk}});
	if (!p.disk.empty())
		knob("backing_dev", p.disk);
	/* From here on the others cannot be changed. */
	knob("disksize", exact_bytes(p.size));
	for (step &s :
	     p.mount.empty() ? swap_steps(p, node) : file_system_steps(p, node))
		steps.push_back(std::move(s));
	return steps;
}

namespace {

std::string shell_word(const std::string &text)
{
	const bool plain =
		text.find_first_not_of(
			"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			"0123456789-_/.") == text.npos;
	std::string quoted = "'";

	if (plain)
		return text;
	for (const char c : text)
		quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
	return quoted + "'";
}

} /* namespace */

std::string step_command(const step &s)
{
	std::string text;

	if (!s.file.empty())
		return fmt::format("echo {} >{}", shell_word(s.text), s.file);
	for (const std::string &word : s.program)
		text += (text.empty() ? "" : " ") + shell_word(word);
	return text;
}

} /* namespace zsmctl */
