/* SPDX-License-Identifier: GPL-2.0 */
/* The live view, as lines; who shows them is another matter. */
#ifndef ZSMCTL_SHOW_LIVE_HH
#define ZSMCTL_SHOW_LIVE_HH

#include "tools/zsmctl/sys/classes.hh"
#include "tools/zsmctl/sys/system.hh"

#include <deque>
#include <string>
#include <vector>

namespace zsmctl {

/* What was seen, and what before that. */
struct live_view {
	system_state now;
	system_state before;
	double seconds = 0; /* between the two; 0: this is the first look */
	double interval = 1;
	std::string clock; /* 12:01:07 */

	/* Sums over the devices, a look each, the newest last. */
	std::deque<uint64_t> memory;
	std::deque<uint64_t> disk;

	/* Of the device that is chosen, by its place in `now'. */
	size_t chosen = 0;
	std::vector<size_class> classes;
	bool classes_wanted = true;
	bool unicode = false; /* graphs may have block elements */
};

/* Looks that are kept for the graphs. */
constexpr size_t live_history = 60;

/* At most @height lines of at most @width columns. */
std::vector<std::string> live_lines(const live_view &view, size_t width,
				    size_t height);

/* One line for a pipe, and what names its columns. */
std::string live_row(const live_view &view);
std::string live_row_title();

/* A graph of one line: each value in its cell, the largest at full height. */
std::string sparkline(const std::deque<uint64_t> &values, bool unicode);

} /* namespace zsmctl */

#endif /* ZSMCTL_SHOW_LIVE_HH */
