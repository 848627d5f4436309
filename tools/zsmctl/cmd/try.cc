// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/cmd/try.hh"

#include "tools/zsmctl/figures/trial.hh"
#include "tools/zsmctl/show/progress.hh"
#include "tools/zsmctl/show/trial.hh"
#include "tools/zsmctl/sys/interrupt.hh"
#include "tools/zsmctl/sys/memory_sample.hh"
#include "tools/zsmctl/sys/parse.hh"

#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <unistd.h>

namespace zsmctl {

namespace {

/* A file of that name is meant before a process. */
bool is_process(const std::string &what)
{
	return parse_number(what) && !std::filesystem::exists(what);
}

std::string title(const try_options &o)
{
	if (o.system)
		return "the memory of all programs";
	return is_process(o.what) ? "the memory of process " + o.what : o.what;
}

page_sample take_sample(const try_options &o)
{
	page_sample sample;
	int error = 0;
	const take_page take = [&](const uint8_t *page) { sample.add(page); };

	if (o.system)
		error = sample_system(codec_page, o.pages, take);
	else if (is_process(o.what))
		error = sample_process(
			static_cast<pid_t>(*parse_number(o.what)), codec_page,
			o.pages, take);
	else
		error = sample_file(o.what, codec_page, o.pages, take);
	if (error)
		throw failure(status_of(error),
			      fmt::format("{} cannot be read: {}", title(o),
					  std::strerror(error)));
	if (!sample.size())
		throw failure(EXIT_FAILED, title(o) + " has no whole page");
	return sample;
}

void draw(const try_options &o, const trial &t)
{
	std::ofstream out(o.svg);

	out << trial_svg(t, title(o));
	out.close();
	if (!out)
		throw failure(EXIT_FAILED, o.svg + " cannot be written");
}

} /* namespace */

exit_status run_try(const try_options &options)
{
	if (options.system == !options.what.empty())
		throw failure(EXIT_USAGE, "what is to be tried: a FILE, the "
					  "number of a process, or --system");
	if (::sysconf(_SC_PAGESIZE) != static_cast<long>(codec_page))
		throw failure(EXIT_FAILED,
			      fmt::format("this build knows pages of {} bytes, "
					  "and the machine has others",
					  codec_page));
	catch_interrupts();
	const page_sample sample = take_sample(options);
	const auto codecs = all_codecs();
	trial t;

	{
		progress bar("compressing with each codec", 0);
		uint64_t bytes = 0;

		t = try_codecs(sample, codecs, [&] {
			bytes += sample.size() * codec_page;
			bar.reached(bytes);
			return interrupted();
		});
	}
	fmt::print("{}", trial_table(t, title(options)));
	if (!options.svg.empty())
		draw(options, t);
	for (const trial_row &row : t.rows)
		if (row.wrong)
			throw failure(EXIT_FAILED,
				      row.codec +
					      " gave a page back as another");
	return interrupted() ? EXIT_INTERRUPTED : EXIT_DONE;
}

} /* namespace zsmctl */
