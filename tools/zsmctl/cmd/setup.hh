/* SPDX-License-Identifier: GPL-2.0 */
/* zsmctl setup: swap to compressed memory, as the machine wants it. */
#ifndef ZSMCTL_CMD_SETUP_HH
#define ZSMCTL_CMD_SETUP_HH

#include "tools/zsmctl/cmd/exit.hh"
#include "tools/zsmctl/figures/plan.hh"
#include "tools/zsmctl/sys/tree.hh"

namespace zsmctl {

struct setup_options {
	wishes want;
	bool dry_run = false;
	bool permanent = false;
};

exit_status run_setup(const tree &files, setup_options options);

} /* namespace zsmctl */

#endif /* ZSMCTL_CMD_SETUP_HH */
