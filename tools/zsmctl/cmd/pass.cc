// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/cmd/pass.hh"

#include "tools/zsmctl/cmd/device.hh"
#include "tools/zsmctl/figures/units.hh"
#include "tools/zsmctl/show/progress.hh"
#include "tools/zsmctl/sys/interrupt.hh"
#include "tools/zsmctl/sys/program.hh"
#include "tools/zsmctl/sys/zram.hh"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <unistd.h>

namespace zsmctl {

namespace {

/* A pass is done in so many pieces, each shown when it is over. */
constexpr uint64_t pieces = 40;
constexpr uint64_t least_piece = 1024;

std::string knob_of(const std::string &device, const char *name)
{
	return "/sys/block/" + device + "/" + name;
}

mm_stat memory_of(const tree &files, const std::string &device)
{
	const zram_device d = read_zram(files, device);

	if (d.gone)
		throw failure(EXIT_ABSENT,
			      device + ": there is no such device any more");
	return d.memory.value_or(mm_stat{});
}

uint64_t written_by(const tree &files, const std::string &device)
{
	const auto n =
		parse_numbers(files.read(knob_of(device, "bd_stat")).text);

	return n && n->size() > 2 ? (*n)[2] * 4096 : 0;
}

/* Writes to a knob, which may take long. Throws: failure, with why it was
 * refused. */
void write_long(const tree &files, const std::string &file,
		const std::string &text, const std::function<void()> &meanwhile)
{
	const int error = run_apart([&] { return files.write(file, text); },
				    [&] {
					    meanwhile();
					    return interrupted();
				    });

	if (error < 0 || interrupted())
		throw failure(EXIT_INTERRUPTED,
			      "stopped; what was done by then stays");
	if (error)
		throw failure(status_of(error),
			      fmt::format("the driver refused `{}' for {}: {}",
					  text == "\n" ? "" : text, file,
					  std::strerror(error)));
}

void mark_idle(const tree &files, const std::string &device, uint64_t age)
{
	/* The driver takes 0 for no age. */
	write_long(files, knob_of(device, "idle"),
		   age ? fmt::format("{}", age) : "all", [] {});
}

/* How many pages @would take; 0 if that cannot be known, or nobody looks. */
uint64_t count_pages(const tree &files, const std::string &device,
		     const pass_wishes &want,
		     bool (*would)(const pass_wishes &, const block_line &))
{
	uint64_t n = 0;

	if (!::isatty(STDERR_FILENO))
		return 0;
	each_block(files, device, [&](const block_line &line) {
		n += would(want, line);
		return !interrupted();
	});
	return n;
}

void recompress(const tree &files, const std::string &device,
		const pass_wishes &want)
{
	const auto page = static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));

	if (want.older)
		mark_idle(files, device, *want.older);
	const mm_stat before = memory_of(files, device);
	const uint64_t all = count_pages(files, device, want, would_recompress);
	const uint64_t piece = std::max(all / pieces, least_piece);
	const std::string file = knob_of(device, "recompress");

	{
		progress bar("recompressing " + device, all * page);

		for (uint64_t done = 0; done < all; done += piece)
			write_long(files, file, recompress_text(want, piece),
				   [&] { bar.reached(done * page); });
		/* Those that became eligible meanwhile. */
		write_long(files, file, recompress_text(want, 0),
			   [&] { bar.reached(all * page); });
	}
	const mm_stat after = memory_of(files, device);
	const uint64_t saved =
		before.used > after.used ? before.used - after.used : 0;

	fmt::print("{}: {} of memory before, {} now: {} saved\n", device,
		   human_bytes(before.used), human_bytes(after.used),
		   human_bytes(saved));
}

void write_back(const tree &files, const std::string &device,
		const pass_wishes &want)
{
	const auto page = static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));

	if (want.older)
		mark_idle(files, device, *want.older);
	const mm_stat before = memory_of(files, device);
	const uint64_t written = written_by(files, device);
	const uint64_t all = count_pages(files, device, want, would_write_back);

	{
		progress bar("writing back " + device, all * page);

		write_long(files, knob_of(device, "writeback"), want.type(),
			   [&] {
				   bar.reached(written_by(files, device) -
					       written);
			   });
	}
	const mm_stat after = memory_of(files, device);

	fmt::print("{}: {} written to disk; {} of memory before, {} now\n",
		   device, human_bytes(written_by(files, device) - written),
		   human_bytes(before.used), human_bytes(after.used));
}

/* Throws: failure, if the device cannot. Return: whether it can. */
bool can_recompress(const zram_device &d, bool named)
{
	if (!d.secondary.empty() && d.size.value_or(0))
		return true;
	if (named)
		throw failure(EXIT_FAILED,
			      d.name + " has no second algorithm to compress "
				       "pages again with");
	return false;
}

bool can_write_back(const zram_device &d, bool named)
{
	if (!d.backing.empty() && d.size.value_or(0))
		return true;
	if (named)
		throw failure(EXIT_FAILED,
			      d.name + " has no disk to write pages to");
	return false;
}

exit_status run_pass(const tree &files, const pass_options &options,
		     bool (*can)(const zram_device &, bool),
		     void (*pass)(const tree &, const std::string &,
				  const pass_wishes &),
		     const char *none)
{
	bool any = false;

	if (files.live() && ::geteuid())
		throw failure(EXIT_DENIED, "only root may do this");
	const auto names = devices_named(files, options.devices);

	catch_interrupts();
	for (const std::string &name : names) {
		const zram_device d = read_zram(files, name);

		if (d.gone || !can(d, !options.devices.empty()))
			continue;
		pass(files, name, options.want);
		any = true;
	}
	if (!any)
		throw failure(EXIT_ABSENT, none);
	return EXIT_DONE;
}

} /* namespace */

exit_status run_recompress(const tree &files, const pass_options &options)
{
	return run_pass(files, options, can_recompress, recompress,
			"no device has a second algorithm to compress pages "
			"again with");
}

exit_status run_writeback(const tree &files, const pass_options &options)
{
	if (options.want.type().empty())
		throw failure(EXIT_USAGE, "which pages are to go: --older, "
					  "--huge or --incompressible");
	return run_pass(files, options, can_write_back, write_back,
			"no device has a disk to write pages to");
}

} /* namespace zsmctl */
