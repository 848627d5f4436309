// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/cmd/cache.hh"

#include "tools/zsmctl/show/cache.hh"
#include "tools/zsmctl/sys/interrupt.hh"
#include "tools/zsmctl/sys/program.hh"
#include "tools/zsmctl/sys/zcache.hh"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

namespace zsmctl {

namespace {

using monotonic = std::chrono::steady_clock;

constexpr uint64_t mib = 1 << 20;

const zcache_state *find(const std::vector<zcache_state> &caches,
			 const std::string &name)
{
	const auto at = std::find_if(
		caches.begin(), caches.end(),
		[&](const zcache_state &z) { return z.name == name; });

	return at == caches.end() ? nullptr : &*at;
}

/* `fast' and `/dev/mapper/fast' are one. */
std::string plain_name(const std::string &given)
{
	const std::string folder = "/dev/mapper/";

	return given.rfind(folder, 0) == 0 ? given.substr(folder.size())
					   : given;
}

/* Throws: failure, if they cannot be read. */
std::vector<zcache_state> all_caches(const tree &files)
{
	zcache_list list = read_zcaches(files);

	if (list.error == EACCES)
		throw failure(EXIT_DENIED, "only root may look at caches");
	if (list.error)
		throw failure(EXIT_FAILED,
			      list.error == ENOENT
				      ? "dmsetup is missing, which tells of "
					"caches"
				      : "dmsetup cannot tell of caches");
	return std::move(list.caches);
}

/* Throws: failure, if there is no such cache. */
std::vector<zcache_state> caches_named(const tree &files,
				       const std::vector<std::string> &given)
{
	const std::vector<zcache_state> all = all_caches(files);
	std::vector<zcache_state> named;

	for (const std::string &g : given) {
		const zcache_state *const z = find(all, plain_name(g));

		if (!z)
			throw failure(EXIT_ABSENT,
				      g + ": there is no such cache");
		named.push_back(*z);
	}
	if (given.empty())
		named = all;
	if (named.empty())
		throw failure(EXIT_ABSENT, "no disk has a read cache");
	return named;
}

/* Runs zcachectl, and prints what it says. Throws: failure, with that. */
void zcachectl(const tree &files, const arguments &words)
{
	arguments command{"zcachectl"};
	const std::string said_first = "zcachectl: ";

	if (!files.live())
		throw failure(EXIT_USAGE, "--root shows another machine, which "
					  "cannot be changed");
	if (::geteuid())
		throw failure(EXIT_DENIED, "only root may change caches");
	command.insert(command.end(), words.begin(), words.end());
	const ended e = run_program(command);

	if (!e)
		throw failure(EXIT_FAILED,
			      e.output.rfind(said_first, 0) == 0 &&
					      e.status != 127
				      ? e.output.substr(said_first.size())
				      : e.output);
	if (!e.output.empty())
		fmt::print("{}\n", e.output);
}

std::string whole_mib(uint64_t bytes)
{
	if (bytes < mib)
		throw failure(EXIT_USAGE, "a cache has 1 MiB at the least");
	return fmt::format("{}", bytes / mib);
}

} /* namespace */

exit_status run_cache_list(const tree &files, const cache_list_options &options)
{
	std::string text;

	for (const zcache_state &z : caches_named(files, options.names))
		text += cache_words(z);
	/* The first paragraph follows nothing. */
	fmt::print("{}", text.substr(1));
	return EXIT_DONE;
}

exit_status run_cache_watch(const tree &files,
			    const cache_watch_options &options)
{
	constexpr uint64_t between_titles = 20;
	const auto pause = static_cast<int>(options.interval * 1000);
	std::vector<zcache_state> before = caches_named(files, options.names);
	monotonic::time_point at = monotonic::now();

	catch_interrupts();
	for (uint64_t n = 0; !options.count || n < options.count; n++) {
		::poll(nullptr, 0, pause);
		if (interrupted())
			break;
		const auto now = caches_named(files, options.names);
		const auto then = monotonic::now();
		const double seconds =
			std::chrono::duration<double>(then - at).count();

		if (n % between_titles == 0)
			fmt::print("{}\n", cache_row_title());
		for (const zcache_state &z : now) {
			const zcache_state *const was = find(before, z.name);

			fmt::print("{}\n",
				   cache_row(was ? *was : z, z, seconds));
		}
		if (std::fflush(stdout) || std::ferror(stdout))
			return EXIT_FAILED;
		before = now;
		at = then;
	}
	return EXIT_DONE;
}

exit_status run_cache_attach(const tree &files,
			     const cache_attach_options &options)
{
	arguments words{"attach"};

	if (!options.name.empty())
		words.insert(words.end(), {"--name", options.name});
	words.insert(words.end(), {options.disk, whole_mib(options.memory)});
	words.insert(words.end(), options.arguments.begin(),
		     options.arguments.end());
	zcachectl(files, words);
	return EXIT_DONE;
}

exit_status run_cache_detach(const tree &files,
			     const cache_change_options &options)
{
	caches_named(files, {options.name});
	zcachectl(files, {"detach", plain_name(options.name)});
	return EXIT_DONE;
}

exit_status run_cache_limit(const tree &files,
			    const cache_change_options &options)
{
	const std::string limit = whole_mib(options.memory);

	caches_named(files, {options.name});
	zcachectl(files, {"limit", plain_name(options.name), limit});
	return EXIT_DONE;
}

exit_status run_cache_drop(const tree &files,
			   const cache_change_options &options)
{
	caches_named(files, {options.name});
	zcachectl(files, {"drop", plain_name(options.name)});
	return EXIT_DONE;
}

} /* namespace zsmctl */
