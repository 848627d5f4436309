// SPDX-License-Identifier: GPL-2.0
/* The options of zsmctl setup. */
#include "tools/zsmctl/cli/line.hh"

namespace zsmctl {

namespace {

void take_memory(wishes &want, const std::string &given)
{
	want.memory_percent = parse_percent(given);
	want.memory = parse_size(given);
	if (!want.memory_percent && !want.memory)
		throw CLI::ValidationError(
			"--memory",
			given + " is no size, such as 512M, and no share, such "
				"as 50%");
}

/* What others call a file system in memory, a label and a limit of the host's.
 */
void add_rarer(CLI::App *sub, setup_options &o)
{
	CLI::Option *const mount =
		sub->add_option("--mount", o.want.mount,
				"A file system on this folder, in place of "
				"swap");

	sub->add_option("--fs", o.want.fs, "Which file system")
		->needs(mount)
		->capture_default_str();
	sub->add_option("--label", o.want.label,
			"Of the swap or the file system");
	sub->add_option("--parameters", o.want.parameters,
			"Of the algorithm, such as level=3");
	bytes(sub, "--only-below", [&o](uint64_t n) {
		o.want.only_below = n;
	})->description("Do nothing on a machine with as much memory");
}

} /* namespace */

void add_setup(CLI::App &app, command_line &line)
{
	setup_options &o = line.setup;
	CLI::App *const sub = app.add_subcommand(
		"setup", "Swap to compressed memory, as this machine wants it");

	sub->add_flag("--dry-run", o.dry_run, "Only show what would be done");
	sub->add_flag("--permanent", o.permanent, "Do it at each boot, too");
	sub->add_option("--memory",
			[&o](const CLI::results_t &given) {
				take_memory(o.want, given.at(0));
				return true;
			})
		->type_name("BYTES|PERCENT%")
		->description("How much memory it may take; 0 is no limit, "
			      "half of it the default");
	bytes(sub, "--size", [&o](uint64_t n) {
		o.want.size = n;
	})->description("How much it may hold, before compression");
	sub->add_option("--algorithm", o.want.algorithm, "What compresses");
	CLI::Option *const secondary =
		sub->add_option("--secondary", o.want.secondary,
				"What `zsmctl recompress' compresses with");

	sub->add_flag_callback(
		   "--no-secondary", [&o] { o.want.secondary = ""; },
		   "No second algorithm")
		->excludes(secondary);
	CLI::Option *const disk =
		sub->add_option("--disk", o.want.disk,
				"A partition that the oldest pages go to; what "
				"is on it is lost");

	sub->add_flag("--erase", o.want.erase,
		      "Even if the disk holds something")
		->needs(disk);
	sub->add_option("--priority", o.want.priority,
			"Of the swap; what is larger is used first")
		->check(CLI::Range(-1, 32767))
		->capture_default_str();
	add_rarer(sub, o);
	runs(sub, line, [](const tree &files, const command_line &l) {
		return run_setup(files, l.setup);
	});
}

} /* namespace zsmctl */
