// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/cmd/setup.hh"

#include "tools/zsmctl/cmd/device.hh"
#include "tools/zsmctl/cmd/permanent.hh"
#include "tools/zsmctl/figures/units.hh"
#include "tools/zsmctl/show/text.hh"
#include "tools/zsmctl/sys/interrupt.hh"
#include "tools/zsmctl/sys/node.hh"
#include "tools/zsmctl/sys/program.hh"

#include <cstring>
#include <fmt/format.h>
#include <unistd.h>

namespace zsmctl {

namespace {

const char control[] = "/sys/class/zram-control";

/* The device that is set up, and what has been done to it. */
class target {
public:
	explicit target(const tree &files) : files_(files) {}

	const std::string &name() const { return name_; }

	/* Loads the driver and makes a device, unless there is one that is
	 * free. */
	void obtain()
	{
		load();
		name_ = first_free();
		if (!name_.empty())
			return;
		const reading made =
			files_.read(std::string(control) + "/hot_add");

		if (!made)
			throw failure(
				status_of(made.error),
				std::string("no zram device can be made: ") +
					std::strerror(made.error));
		name_ = "zram" + made.text;
		made_ = true;
	}

	/* What obtain() would, as far as can be told without doing it. */
	void guess()
	{
		name_ = first_free();
		if (!name_.empty())
			return;
		name_ = "zram" + std::to_string(list_zram(files_).size());
		imagined_ = true;
	}

	abilities can() const
	{
		if (imagined_)
			return imagined();
		const std::string folder = "/sys/block/" + name_ + "/";
		const choice algorithm = parse_choice(
			files_.read(folder + "comp_algorithm").text);

		return {.algorithms = algorithm.offered,
			.selected = algorithm.selected,
			.secondary = files_.exists(folder + "recomp_algorithm"),
			.again = files_.exists(folder + "recompress_auto"),
			.parameters =
				files_.exists(folder + "algorithm_params"),
			.disk = files_.exists(folder + "backing_dev"),
			.worker = files_.exists(folder + "writeback_auto")};
	}

	/* This run has written to @file, a knob of the device. */
	void has_set(const std::string &file)
	{
		changed_ = true;
		sized_ = sized_ || file.ends_with("/disksize");
	}

	/*
	 * Gives back what has_set() was told of, and the device if it was made.
	 * A device that got its size from another program is left alone.
	 */
	void undo() const
	{
		int error = 0;

		if (name_.empty() || (!sized_ && !is_free(name_)))
			return;
		give_up_use();
		if (changed_)
			error = write_patiently(
				files_, "/sys/block/" + name_ + "/reset", "1");
		if (!error && made_)
			error = write_patiently(
				files_, std::string(control) + "/hot_remove",
				name_.substr(4));
		if (error)
			fmt::print(stderr,
				   "zsmctl: {} stays, {}: it cannot be given "
				   "back: {}\n",
				   name_,
				   sized_     ? "with its size"
				   : changed_ ? "with what was set"
					      : "and is free",
				   std::strerror(error));
	}

private:
	/* A program that ^C has ended may have done its work before. */
	void give_up_use() const
	{
		const std::string node = "/dev/" + name_;

		if (swap_on(read_machine(files_), name_))
			run_program({"swapoff", node});
		if (!read_zram(files_, name_).mounted.empty())
			run_program({"umount", node});
	}

	void load()
	{
		if (read_zram_driver(files_).loaded)
			return;
		const ended e = run_program({"modprobe", "zram"});

		if (!e)
			throw failure(EXIT_FAILED,
				      "zram cannot be loaded: " + e.output);
	}

	bool is_free(const std::string &name) const
	{
		const reading size =
			files_.read("/sys/block/" + name + "/disksize");

		return size && parse_number(size.text) == 0u &&
		       files_.list("/sys/block/" + name + "/holders").empty();
	}

	/* Empty: there is none. */
	std::string first_free() const
	{
		for (const std::string &name : list_zram(files_))
			if (is_free(name))
				return name;
		return {};
	}

	/* Of a driver that has no device, or is not loaded: what modprobe would
	 * take. */
	abilities imagined() const
	{
		ended ours;

		if (files_.live())
			ours = run_program(
				{"modinfo", "-F", "version", "zram"});

		if (ours && !ours.output.empty())
			return {.algorithms = {"w64", "w64hc", "lz4"},
				.selected = "lz4",
				.secondary = true,
				.again = true,
				.parameters = true,
				.disk = true,
				.worker = true};
		return {.algorithms = {},
			.selected = "what the driver chooses",
			.secondary = false,
			.again = false,
			.parameters = false,
			.disk = true,
			.worker = false};
	}

	const tree &files_;
	std::string name_;
	bool made_ = false;
	bool changed_ = false; /* by this run */
	bool sized_ = false;   /* and its size too */
	bool imagined_ = false;
};

void want_no_swap_yet(const system_state &s)
{
	for (const zram_device &d : s.devices)
		if (swap_on(s.memory, d.name))
			throw failure(EXIT_FAILED,
				      d.name + " is swapped to already; "
					       "`zsmctl remove' gives it up");
}

/* Nothing on it is lost that was not said to be worth nothing. */
void look_at_disk(setup_options &options)
{
	wishes &want = options.want;

	if (want.disk.empty())
		return;
	const block_node node = look_at_node(want.disk);

	if (node.error)
		throw failure(node.error == EBUSY ? EXIT_UNSAFE
						  : status_of(node.error),
			      fmt::format("{}: {}", want.disk,
					  node.error == EBUSY
						  ? "is in use"
						  : std::strerror(node.error)));
	if (!node.unknown.empty())
		throw failure(EXIT_FAILED,
			      fmt::format("it cannot be told what {} holds: {}",
					  want.disk, node.unknown));
	if (!node.content.empty() && !want.erase)
		throw failure(EXIT_UNSAFE,
			      fmt::format("{} holds {}, which would be lost; "
					  "--erase says that it may be",
					  want.disk, node.content));
	want.disk_bytes = node.bytes;
}

void show(const plan &p, const machine &m)
{
	fmt::print("{}", wrapped("", plan_words(p, m)));
}

void show_steps(const tree &files, const plan &p)
{
	if (!read_zram_driver(files).loaded)
		fmt::print("  modprobe zram\n");
	for (const step &s : steps_of(p))
		fmt::print("  {}\n", step_command(s));
}

/* Throws: failure, if there was a ^C. */
void go_on()
{
	if (interrupted())
		throw failure(EXIT_INTERRUPTED, "stopped before it was set up");
}

void do_step(const tree &files, const step &s, target &device)
{
	go_on();
	if (!s.file.empty()) {
		const int error = files.write(s.file, s.text);

		if (error)
			throw failure(status_of(error),
				      fmt::format("{}: {}", step_command(s),
						  std::strerror(error)));
		device.has_set(s.file);
		return;
	}
	const ended e = run_program(s.program);

	if (!e)
		throw failure(EXIT_FAILED, e.output);
}

/* The plan as it is to be at boot, if it is to be then. Throws: failure, if it
 * cannot be done. */
plan accepted(const tree &files, const plan &p, bool permanent)
{
	if (!p.refusals.empty())
		throw failure(EXIT_FAILED, p.refusals.front());
	return permanent ? at_boot(files, p) : p;
}

exit_status dry_run(const tree &files, const setup_options &o, const machine &m)
{
	target device(files);

	device.guess();
	const plan p = propose(m, device.name(), device.can(), o.want);

	const plan boot = accepted(files, p, o.permanent);

	show(p, m);
	show_steps(files, p);
	if (o.permanent)
		show_permanent(files, boot);
	return EXIT_DONE;
}

/* Return: the plan as it is to be at boot. */
plan set_up(const tree &files, const setup_options &o, const machine &m)
{
	target device(files);

	catch_interrupts();
	try {
		device.obtain();
		const plan p = propose(m, device.name(), device.can(), o.want);
		plan boot = accepted(files, p, o.permanent);

		show(p, m);
		for (const step &s : steps_of(p))
			do_step(files, s, device);
		return boot;
	} catch (...) {
		device.undo();
		/* It may have ended a program that then seemed to fail. */
		go_on();
		throw;
	}
}

} /* namespace */

exit_status run_setup(const tree &files, setup_options options)
{
	const system_state s = read_system(files);

	if (has_enough(s.memory, options.want)) {
		fmt::print("the machine has {} of memory: nothing is done\n",
			   human_bytes(s.memory.total));
		return EXIT_DONE;
	}
	if (options.want.mount.empty())
		want_no_swap_yet(s);
	if (files.live())
		look_at_disk(options);
	if (options.dry_run)
		return dry_run(files, options, s.memory);
	if (!files.live())
		throw failure(EXIT_USAGE, "--root shows another machine, which "
					  "cannot be set up: use --dry-run");
	if (::geteuid())
		throw failure(EXIT_DENIED,
			      "only root may set swap up; --dry-run shows what "
			      "would be done");
	if (options.permanent)
		want_permanence(files, !options.want.mount.empty());
	const plan boot = set_up(files, options, s.memory);

	if (options.permanent && interrupted())
		throw failure(EXIT_INTERRUPTED,
			      "stopped: it is set up now, and not at boot");
	if (options.permanent)
		make_permanent(files, boot);
	return EXIT_DONE;
}

} /* namespace zsmctl */
