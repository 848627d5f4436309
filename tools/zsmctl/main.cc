// SPDX-License-Identifier: GPL-2.0
/* zsmctl: the command line. What a subcommand does is in cmd/. */
#include "tools/zsmctl/cmd/exit.hh"
#include "tools/zsmctl/cmd/status.hh"
#include "tools/zsmctl/cmd/top.hh"
#include "tools/zsmctl/cmd/try.hh"
#include "tools/zsmctl/sys/tree.hh"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <fmt/format.h>
#include <functional>

#ifndef ZSM_VERSION
#error "the Makefile tells the version"
#endif

namespace zsmctl {

namespace {

struct command_line {
	std::string root;
	status_options status;
	top_options top;
	try_options trial;
	/* What was asked for. */
	std::function<exit_status(const tree &)> run;
};

template <class Run>
void runs(CLI::App *sub, command_line &line, Run run)
{
	sub->callback([&line, run] {
		line.run = [&line, run](const tree &files) {
			return run(files, line);
		};
	});
}

void add_status(CLI::App &app, command_line &line)
{
	status_options &o = line.status;
	CLI::App *const sub = app.add_subcommand(
		"status", "Say what is compressed, and what limits it");
	CLI::Option *const json =
		sub->add_flag("--json", o.json, "Print it for programs");

	sub->add_flag("--prometheus", o.prometheus,
		      "Print it for node_exporter's textfile collector")
		->excludes(json);
	sub->add_option("DEVICE", o.devices,
			"Only these devices, such as zram0");
	runs(sub, line, [](const tree &files, const command_line &l) {
		return run_status(files, l.status);
	});
}

void add_top(CLI::App &app, command_line &line)
{
	top_options &o = line.top;
	CLI::App *const sub = app.add_subcommand(
		"top", "Show compressed memory as it changes");

	sub->add_option("--interval", o.interval, "Seconds between two looks")
		->check(CLI::Range(0.1, 3600.0))
		->capture_default_str();
	sub->add_option("--count", o.count, "End after so many looks")
		->check(CLI::PositiveNumber);
	sub->add_flag("--rows", o.rows,
		      "A line an interval, as where there is no terminal");
	sub->add_option("DEVICE", o.devices, "Only these devices");
	runs(sub, line, [](const tree &files, const command_line &l) {
		return run_top(files, l.top);
	});
}

void add_try(CLI::App &app, command_line &line)
{
	try_options &o = line.trial;
	CLI::App *const sub = app.add_subcommand(
		"try", "Compress a sample of pages with each codec");

	sub->add_option(
		"WHAT", o.what,
		"A file, or the number of a process whose memory is meant");
	sub->add_flag("--system", o.system, "The memory of all programs");
	sub->add_option("--pages", o.pages, "At most so many pages")
		->check(CLI::Range(1, 1 << 20))
		->capture_default_str();
	sub->add_option("--svg", o.svg, "Draw it, too, into this file");
	runs(sub, line, [](const tree &, const command_line &l) {
		return run_try(l.trial);
	});
}

void describe(CLI::App &app, command_line &line)
{
	app.set_version_flag("--version", "zsmctl " ZSM_VERSION);
	app.add_option("--root", line.root,
		       "Read sys/ and proc/ of this folder, a recording, in "
		       "place of the machine's")
		->check(CLI::ExistingDirectory);
	app.require_subcommand(1);
	app.set_help_all_flag("--help-all", "Print help of all subcommands");
	app.footer("Manual page: zsmctl(8).");
	add_status(app, line);
	add_top(app, line);
	add_try(app, line);
}

exit_status fail(exit_status status, std::string text)
{
	for (char &c : text)
		if (c == '\n')
			c = ' ';
	std::fflush(stdout);
	fmt::print(stderr, "zsmctl: {}\n", text);
	return status;
}

exit_status run(int argc, char **argv)
{
	CLI::App app("Watches compressed memory", "zsmctl");
	command_line line;

	describe(app, line);
	try {
		app.parse(argc, argv);
		return line.run(tree(line.root));
	} catch (const CLI::ParseError &e) {
		const auto rest = app.remaining();

		if (!e.get_exit_code()) {
			app.exit(e);
			return EXIT_DONE;
		}
		/* Else it would be said that there is none. */
		if (app.get_subcommands().empty() && !rest.empty())
			return fail(EXIT_USAGE,
				    rest.front() +
					    " is no subcommand; see `zsmctl "
					    "--help'");
		return fail(EXIT_USAGE,
			    std::string(e.what()) + "; see `zsmctl --help'");
	} catch (const failure &e) {
		return fail(e.status(), e.what());
	} catch (const std::exception &e) {
		return fail(EXIT_FAILED, e.what());
	}
}

} /* namespace */

} /* namespace zsmctl */

int main(int argc, char **argv)
{
	const zsmctl::exit_status status = zsmctl::run(argc, argv);

	if (std::fflush(stdout) || std::ferror(stdout)) {
		std::perror("zsmctl: the output is not complete");
		return zsmctl::EXIT_FAILED;
	}
	return status;
}
