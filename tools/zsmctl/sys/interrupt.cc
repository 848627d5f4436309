// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/sys/interrupt.hh"

#include <csignal>

namespace zsmctl {

namespace {

volatile std::sig_atomic_t caught;

void note(int)
{
	caught = 1;
}

} /* namespace */

void catch_interrupts()
{
	struct sigaction action = {};

	action.sa_handler = note;
	::sigaction(SIGINT, &action, nullptr);
	::sigaction(SIGTERM, &action, nullptr);
}

bool interrupted()
{
	return caught;
}

} /* namespace zsmctl */
