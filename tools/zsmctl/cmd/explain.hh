/* SPDX-License-Identifier: GPL-2.0 */
/* zsmctl explain: why memory is short, and what could be done. */
#ifndef ZSMCTL_CMD_EXPLAIN_HH
#define ZSMCTL_CMD_EXPLAIN_HH

#include "tools/zsmctl/cmd/exit.hh"
#include "tools/zsmctl/sys/tree.hh"

#include <cstddef>
#include <string>
#include <vector>

namespace zsmctl {

struct explain_options {
	std::vector<std::string> devices; /* empty: all that hold something */
	size_t pages = 1024; /* of the sample of each, at the most */
};

/* Reads some of each device's pages, which then count as used just now. */
exit_status run_explain(const tree &files, const explain_options &options);

} /* namespace zsmctl */

#endif /* ZSMCTL_CMD_EXPLAIN_HH */
