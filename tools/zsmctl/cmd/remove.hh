/* SPDX-License-Identifier: GPL-2.0 */
/* zsmctl remove: what zsmctl setup has set up. */
#ifndef ZSMCTL_CMD_REMOVE_HH
#define ZSMCTL_CMD_REMOVE_HH

#include "tools/zsmctl/cmd/exit.hh"
#include "tools/zsmctl/sys/tree.hh"

#include <string>
#include <vector>

namespace zsmctl {

struct remove_options {
	std::vector<std::string> devices; /* empty: all that are swapped to */
	bool discard = false;             /* data that nobody uses may go */
};

exit_status run_remove(const tree &files, const remove_options &options);

} /* namespace zsmctl */

#endif /* ZSMCTL_CMD_REMOVE_HH */
