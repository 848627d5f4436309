// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/show/progress.hh"

#include "tools/zsmctl/figures/units.hh"

#include <algorithm>
#include <cstdio>
#include <fmt/format.h>
#include <unistd.h>

namespace zsmctl {

std::string progress_line(const std::string &what, uint64_t done,
			  uint64_t whole)
{
	constexpr size_t cells = 20;

	if (!whole)
		return fmt::format("{}: {}", what, human_bytes(done));
	done = std::min(done, whole);
	const auto full = static_cast<size_t>(
		static_cast<double>(done) / static_cast<double>(whole) * cells);

	return fmt::format(
		"{}: [{}{}] {:3} %, {} of {}", what, std::string(full, '='),
		std::string(cells - full, ' '), whole_percent(done, whole),
		human_bytes(done), human_bytes(whole));
}

progress::progress(std::string what, uint64_t whole)
	: what_(std::move(what)),
	  whole_(whole),
	  terminal_(::isatty(STDERR_FILENO))
{
}

void progress::reached(uint64_t done)
{
	if (!terminal_)
		return;
	std::string line = progress_line(what_, done, whole_);

	if (line == shown_)
		return;
	fmt::print(stderr, "\r\033[K{}", line);
	std::fflush(stderr);
	shown_ = std::move(line);
}

void progress::end()
{
	if (shown_.empty())
		return;
	fmt::print(stderr, "\r\033[K");
	std::fflush(stderr);
	shown_.clear();
}

} /* namespace zsmctl */
