/* SPDX-License-Identifier: GPL-2.0 */
/* zsmctl top: compressed memory as it changes. */
#ifndef ZSMCTL_CMD_TOP_HH
#define ZSMCTL_CMD_TOP_HH

#include "tools/zsmctl/cmd/exit.hh"
#include "tools/zsmctl/sys/tree.hh"

#include <cstdint>
#include <string>
#include <vector>

namespace zsmctl {

struct top_options {
	double interval = 1; /* seconds */
	uint64_t count = 0;  /* looks; 0: until it is ended */
	bool rows = false;   /* a line an interval, even on a terminal */
	std::vector<std::string> devices; /* empty: all */
};

exit_status run_top(const tree &files, const top_options &options);

} /* namespace zsmctl */

#endif /* ZSMCTL_CMD_TOP_HH */
