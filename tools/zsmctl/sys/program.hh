/* SPDX-License-Identifier: GPL-2.0 */
/* Other programs, such as mkswap and swapon. */
#ifndef ZSMCTL_SYS_PROGRAM_HH
#define ZSMCTL_SYS_PROGRAM_HH

#include <functional>
#include <string>
#include <vector>

namespace zsmctl {

using arguments = std::vector<std::string>;

/* How a program ended. */
struct ended {
	int status =
		0; /* 127: there is no such program; 128 and more: a signal */
	std::string output; /* and what it said on stderr, without the last line
			       end */

	explicit operator bool() const { return !status; }
};

/*
 * Runs a program, found as a shell finds it, or in /usr/sbin and /sbin, and
 * waits for it. @meanwhile, if there is one, is called ten times a second until
 * it ends.
 */
ended run_program(const arguments &words,
		  const std::function<void()> &meanwhile = {});

/*
 * Runs @work in a process of its own, so that what it does in the kernel can be
 * ended. Its result, an errno, comes back as the status. If @stop answers true,
 * which is asked ten times a second, the process is killed. Return: the errno,
 * or -1 if it was killed.
 */
int run_apart(const std::function<int()> &work,
	      const std::function<bool()> &stop);

} /* namespace zsmctl */

#endif /* ZSMCTL_SYS_PROGRAM_HH */
