// SPDX-License-Identifier: GPL-2.0
/* zsmctl: the command line. What a subcommand does is in cmd/; the options of
 * setup are in cli/. */
#include "tools/zsmctl/cli/line.hh"
#include "tools/zsmctl/cmd/exit.hh"
#include "tools/zsmctl/sys/tree.hh"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <fmt/format.h>

#ifndef ZSM_VERSION
#error "the Makefile tells the version"
#endif

namespace zsmctl {

namespace {

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

void add_remove(CLI::App &app, command_line &line)
{
	remove_options &o = line.remove;
	CLI::App *const sub = app.add_subcommand(
		"remove", "Give swap to compressed memory up, now and at boot");

	sub->add_flag("--discard", o.discard,
		      "Even if a device holds data that nobody uses");
	sub->add_option("DEVICE", o.devices,
			"Only these devices, and only now");
	runs(sub, line, [](const tree &files, const command_line &l) {
		return run_remove(files, l.remove);
	});
}

/* What recompress and writeback have in common. */
struct pass_line {
	CLI::Option *older;
	CLI::Option *huge;
};

pass_line add_pass(CLI::App *sub, pass_options &o)
{
	CLI::Option *const older =
		age(sub, "--older", [&o](uint64_t n) { o.want.older = n; });

	older->description("Pages that were not used for so long");
	sub->add_option("DEVICE", o.devices, "Only these devices");
	return {.older = older,
		.huge = sub->add_flag("--huge", o.want.huge,
				      "Pages that did not compress")};
}

void add_recompress(CLI::App &app, command_line &line)
{
	pass_options &o = line.recompress;
	CLI::App *const sub = app.add_subcommand(
		"recompress", "Compress pages again, with a denser algorithm");

	add_pass(sub, o);
	sub->add_option("--algorithm", o.want.algorithm,
			"With this one of the second algorithms");
	bytes(sub, "--threshold", [&o](uint64_t n) {
		o.want.threshold = n;
	})->description("Pages that take at least so many bytes");
	runs(sub, line, [](const tree &files, const command_line &l) {
		return run_recompress(files, l.recompress);
	});
}

void add_writeback(CLI::App &app, command_line &line)
{
	pass_options &o = line.writeback;
	CLI::App *const sub = app.add_subcommand(
		"writeback", "Write pages to the backing device");

	const pass_line pass = add_pass(sub, o);

	/* The driver takes it alone. */
	sub->add_flag("--incompressible", o.want.incompressible,
		      "Pages that no second algorithm made smaller")
		->excludes(pass.older)
		->excludes(pass.huge);
	runs(sub, line, [](const tree &files, const command_line &l) {
		return run_writeback(files, l.writeback);
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

void add_explain(CLI::App &app, command_line &line)
{
	explain_options &o = line.explain;
	CLI::App *const sub = app.add_subcommand(
		"explain", "Say what could be done, and what it would give");

	sub->add_option("--pages", o.pages,
			"Try codecs on at most so many pages of each device")
		->check(CLI::Range(1, 1 << 20))
		->capture_default_str();
	sub->add_option("DEVICE", o.devices, "Only these devices");
	runs(sub, line, [](const tree &files, const command_line &l) {
		return run_explain(files, l.explain);
	});
}

void add_cache_watch(CLI::App *cache, command_line &line)
{
	cache_watch_options &o = line.cache_watch;
	CLI::App *const sub = cache->add_subcommand(
		"watch", "Print a line an interval for each cache");

	sub->add_option("--interval", o.interval, "Seconds between two looks")
		->check(CLI::Range(0.1, 3600.0))
		->capture_default_str();
	sub->add_option("--count", o.count, "End after so many looks")
		->check(CLI::PositiveNumber);
	sub->add_option("NAME", o.names, "Only these caches");
	runs(sub, line, [](const tree &files, const command_line &l) {
		return run_cache_watch(files, l.cache_watch);
	});
}

void add_cache_attach(CLI::App *cache, command_line &line)
{
	cache_attach_options &o = line.cache_attach;
	CLI::App *const sub =
		cache->add_subcommand("attach", "Put a cache before a disk");

	sub->add_option("--name", o.name, "Of the new device");
	sub->add_option("DISK", o.disk, "What is slow to read")->required();
	bytes(sub, "SIZE", [&o](uint64_t n) { o.memory = n; })
		->description("How much memory it may take")
		->required();
	sub->add_option("ARGUMENT", o.arguments,
			"Of the target, such as: codec zstd");
	runs(sub, line, [](const tree &files, const command_line &l) {
		return run_cache_attach(files, l.cache_attach);
	});
}

/* One that changes the cache that is named. */
CLI::App *add_cache_change(CLI::App *cache, command_line &line,
			   const char *name, const char *what,
			   exit_status (*run)(const tree &,
					      const cache_change_options &))
{
	CLI::App *const sub = cache->add_subcommand(name, what);

	sub->add_option("NAME", line.cache_change.name)->required();
	runs(sub, line, [run](const tree &files, const command_line &l) {
		return run(files, l.cache_change);
	});
	return sub;
}

void add_cache(CLI::App &app, command_line &line)
{
	CLI::App *const cache = app.add_subcommand(
		"cache", "List, watch and change read caches before disks");
	CLI::App *const list =
		cache->add_subcommand("list", "Say what each cache holds");
	const auto run_list = [](const tree &files, const command_line &l) {
		return run_cache_list(files, l.cache_list);
	};

	cache->require_subcommand(0, 1);
	list->add_option("NAME", line.cache_list.names, "Only these caches");
	runs(list, line, run_list);
	add_cache_watch(cache, line);
	add_cache_attach(cache, line);
	add_cache_change(cache, line, "detach", "Take a cache away",
			 run_cache_detach);
	bytes(add_cache_change(cache, line, "limit",
			       "Change how much memory a cache may take",
			       run_cache_limit),
	      "SIZE", [&line](uint64_t n) {
		      line.cache_change.memory = n;
	      })->required();
	add_cache_change(cache, line, "drop", "Forget all that a cache holds",
			 run_cache_drop);
	/* The parent's is called last. */
	cache->callback([cache, &line, run_list] {
		if (cache->get_subcommands().empty())
			line.run = [&line, run_list](const tree &files) {
				return run_list(files, line);
			};
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
	add_setup(app, line);
	add_remove(app, line);
	add_recompress(app, line);
	add_writeback(app, line);
	add_top(app, line);
	add_try(app, line);
	add_explain(app, line);
	add_cache(app, line);
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
	CLI::App app("Sets up and watches compressed memory", "zsmctl");
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
