/* SPDX-License-Identifier: GPL-2.0 */
/* What the command line is taken apart into, and options of the kinds that
 * there are. */
#ifndef ZSMCTL_CLI_LINE_HH
#define ZSMCTL_CLI_LINE_HH

#include "tools/zsmctl/cmd/cache.hh"
#include "tools/zsmctl/cmd/explain.hh"
#include "tools/zsmctl/cmd/pass.hh"
#include "tools/zsmctl/cmd/remove.hh"
#include "tools/zsmctl/cmd/setup.hh"
#include "tools/zsmctl/cmd/status.hh"
#include "tools/zsmctl/cmd/top.hh"
#include "tools/zsmctl/cmd/try.hh"
#include "tools/zsmctl/sys/parse.hh"
#include "tools/zsmctl/sys/tree.hh"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <functional>
#include <string>

namespace zsmctl {

struct command_line {
	std::string root;
	status_options status;
	setup_options setup;
	remove_options remove;
	pass_options recompress;
	pass_options writeback;
	top_options top;
	try_options trial;
	explain_options explain;
	cache_list_options cache_list;
	cache_watch_options cache_watch;
	cache_attach_options cache_attach;
	cache_change_options cache_change;
	/* What was asked for. */
	std::function<exit_status(const tree &)> run;
};

/* An option that is a number of bytes, an age, or another text that @parse
 * reads. */
template <class Parse, class Set>
CLI::Option *parsed(CLI::App *sub, const char *name, Parse parse, Set set,
		    const char *what, const char *type)
{
	const auto take = [=](const CLI::results_t &given) {
		const auto value = parse(given.at(0));

		if (!value)
			throw CLI::ValidationError(
				name,
				fmt::format("{} is no {}", given.at(0), what));
		set(*value);
		return true;
	};

	return sub->add_option(name, take)->type_name(type);
}

template <class Set>
CLI::Option *bytes(CLI::App *sub, const char *name, Set set)
{
	return parsed(sub, name, parse_size, set, "size, such as 512M or 2G",
		      "BYTES");
}

template <class Set>
CLI::Option *age(CLI::App *sub, const char *name, Set set)
{
	return parsed(sub, name, parse_age, set,
		      "age, such as 90s, 10m, 2h or 1d", "AGE");
}

template <class Run>
void runs(CLI::App *sub, command_line &line, Run run)
{
	sub->callback([&line, run] {
		line.run = [&line, run](const tree &files) {
			return run(files, line);
		};
	});
}

/* Adds the subcommand setup. */
void add_setup(CLI::App &app, command_line &line);

} /* namespace zsmctl */

#endif /* ZSMCTL_CLI_LINE_HH */
