/* SPDX-License-Identifier: GPL-2.0 */
/* zsmctl recompress and zsmctl writeback. */
#ifndef ZSMCTL_CMD_PASS_HH
#define ZSMCTL_CMD_PASS_HH

#include "tools/zsmctl/cmd/exit.hh"
#include "tools/zsmctl/figures/pass.hh"
#include "tools/zsmctl/sys/tree.hh"

#include <string>
#include <vector>

namespace zsmctl {

struct pass_options {
	std::vector<std::string> devices; /* empty: all that can */
	pass_wishes want;
};

/*
 * Both may be ended with ^C at any time: the kernel finishes the page that it
 * is at, and what was done stays.
 */
exit_status run_recompress(const tree &files, const pass_options &options);
exit_status run_writeback(const tree &files, const pass_options &options);

} /* namespace zsmctl */

#endif /* ZSMCTL_CMD_PASS_HH */
