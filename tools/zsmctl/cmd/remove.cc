// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/cmd/remove.hh"

#include "tools/zsmctl/cmd/device.hh"
#include "tools/zsmctl/cmd/permanent.hh"
#include "tools/zsmctl/figures/room.hh"
#include "tools/zsmctl/figures/units.hh"
#include "tools/zsmctl/show/progress.hh"
#include "tools/zsmctl/sys/program.hh"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <unistd.h>

namespace zsmctl {

namespace {

const zram_device &device_of(const system_state &s, const std::string &name)
{
	const auto at = std::find_if(
		s.devices.begin(), s.devices.end(),
		[&](const zram_device &d) { return d.name == name; });

	if (at == s.devices.end() || at->gone)
		throw failure(EXIT_ABSENT, name + ": there is no such device");
	return *at;
}

std::vector<std::string> all_swapped_to(const system_state &s)
{
	std::vector<std::string> names;

	for (const zram_device &d : s.devices)
		if (swap_on(s.memory, d.name))
			names.push_back(d.name);
	return names;
}

/* Throws: failure, if something would be lost. */
void want_safe(const system_state &s, const zram_device &d, bool discard)
{
	if (!d.mounted.empty())
		throw failure(
			EXIT_UNSAFE,
			fmt::format("{} is mounted on {}: unmount it first",
				    d.name, d.mounted));
	if (!d.holders.empty())
		throw failure(EXIT_UNSAFE,
			      fmt::format("{} is used by {}", d.name,
					  d.holders.front()));
	if (!swap_on(s.memory, d.name) && d.memory && d.memory->stored &&
	    !discard)
		throw failure(EXIT_UNSAFE,
			      fmt::format("{} holds {} that nobody uses now; "
					  "--discard says that they may go",
					  d.name,
					  human_bytes(d.memory->stored)));
}

/* The same for what is swapped to all of them. */
void want_room(const system_state &s, const std::vector<std::string> &leaving)
{
	const uint64_t missing = room_without(s, leaving).missing();
	std::vector<std::string> names;

	for (const std::string &name : leaving)
		if (swap_on(s.memory, name))
			names.push_back(name);
	if (missing && !names.empty())
		throw failure(
			EXIT_UNSAFE,
			fmt::format("memory cannot take back what {} {}: {} "
				    "are missing; end a program, or add other "
				    "swap",
				    fmt::join(names, " and "),
				    names.size() == 1 ? "holds" : "hold",
				    human_bytes(missing)));
}

void swap_off(const tree &files, const std::string &name)
{
	const machine before = read_machine(files);
	const swap_area *const area = swap_on(before, name);
	progress bar("taking pages back from " + name, area ? area->used : 0);
	const ended e = run_program({"swapoff", "/dev/" + name}, [&] {
		const machine now = read_machine(files);
		const swap_area *const left = swap_on(now, name);

		bar.reached(left && area ? area->used - std::min(left->used,
								 area->used)
					 : 0);
	});

	bar.end();
	if (!e)
		throw failure(EXIT_FAILED, e.output);
}

void remove_device(const tree &files, const std::string &name)
{
	int error =
		write_patiently(files, "/sys/block/" + name + "/reset", "1");

	if (!error)
		error = write_patiently(files,
					"/sys/class/zram-control/hot_remove",
					name.substr(4));
	if (error)
		throw failure(status_of(error),
			      fmt::format("{} cannot be removed: {}", name,
					  std::strerror(error)));
	fmt::print("{} is removed\n", name);
}

} /* namespace */

exit_status run_remove(const tree &files, const remove_options &options)
{
	if (!files.live())
		throw failure(EXIT_USAGE, "--root shows another machine, which "
					  "cannot be changed");
	if (::geteuid())
		throw failure(EXIT_DENIED, "only root may give swap up");
	const system_state s = read_system(files);
	const auto names = options.devices.empty()
				   ? all_swapped_to(s)
				   : devices_named(files, options.devices);

	/* Before the first of them goes. */
	for (const std::string &name : names)
		want_safe(s, device_of(s, name), options.discard);
	want_room(s, names);
	for (const std::string &name : names) {
		/* Others have come back meanwhile. */
		const system_state now = read_system(files);

		want_safe(now, device_of(now, name), options.discard);
		want_room(now, names);
		if (swap_on(now.memory, name))
			swap_off(files, name);
		remove_device(files, name);
	}
	/* What was named apart may not be what is set up at boot. */
	const bool ended = options.devices.empty() && end_permanence(files);

	if (ended)
		fmt::print("no swap to compressed memory is set up at boot any "
			   "more\n");
	if (names.empty() && !ended)
		throw failure(EXIT_ABSENT, "no zram device is swapped to");
	return EXIT_DONE;
}

} /* namespace zsmctl */
