/* SPDX-License-Identifier: GPL-2.0 */
/* zsmctl status: how compressed memory is. */
#ifndef ZSMCTL_CMD_STATUS_HH
#define ZSMCTL_CMD_STATUS_HH

#include "tools/zsmctl/cmd/exit.hh"
#include "tools/zsmctl/sys/tree.hh"

#include <string>
#include <vector>

namespace zsmctl {

struct status_options {
	bool json = false;
	bool prometheus = false;
	std::vector<std::string> devices; /* empty: all */
};

exit_status run_status(const tree &files, const status_options &options);

} /* namespace zsmctl */

#endif /* ZSMCTL_CMD_STATUS_HH */
