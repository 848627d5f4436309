/* SPDX-License-Identifier: GPL-2.0 */
/* How far something has come: a line on a terminal, and nothing in a pipe. */
#ifndef ZSMCTL_SHOW_PROGRESS_HH
#define ZSMCTL_SHOW_PROGRESS_HH

#include <cstdint>
#include <string>

namespace zsmctl {

/* The line: `writing: [=====     ] 50 %, 1.0 GiB of 2.0 GiB'; @whole 0 is
 * unknown. */
std::string progress_line(const std::string &what, uint64_t done,
			  uint64_t whole);

class progress {
public:
	progress(std::string what, uint64_t whole);
	~progress() { end(); }
	progress(const progress &) = delete;
	progress &operator=(const progress &) = delete;

	/* Context: called as often as one likes. */
	void reached(uint64_t done);
	/* Takes the line away. */
	void end();

private:
	std::string what_;
	uint64_t whole_;
	std::string shown_;
	bool terminal_;
};

} /* namespace zsmctl */

#endif /* ZSMCTL_SHOW_PROGRESS_HH */
