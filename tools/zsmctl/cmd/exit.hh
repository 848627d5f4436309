/* SPDX-License-Identifier: GPL-2.0 */
/* What zsmctl ends with; zsmctl(8) tells it to people. */
#ifndef ZSMCTL_CMD_EXIT_HH
#define ZSMCTL_CMD_EXIT_HH

#include <stdexcept>
#include <string>

namespace zsmctl {

enum exit_status {
	EXIT_DONE = 0,
	EXIT_FAILED = 1, /* the kernel, or a program, refused */
	EXIT_USAGE = 2,  /* wrong arguments */
	EXIT_ABSENT = 3, /* no such device, or nothing that is compressed */
	EXIT_DENIED = 4, /* the caller may not */
	EXIT_UNSAFE = 5, /* it could be done, and something would be lost */
	EXIT_INTERRUPTED = 130,
};

/* Ends the program with one line on stderr. */
class failure : public std::runtime_error {
public:
	failure(exit_status status, const std::string &text)
		: std::runtime_error(text), status_(status)
	{
	}

	exit_status status() const { return status_; }

private:
	exit_status status_;
};

/* The status for an errno of the kernel. */
exit_status status_of(int error);

} /* namespace zsmctl */

#endif /* ZSMCTL_CMD_EXIT_HH */
