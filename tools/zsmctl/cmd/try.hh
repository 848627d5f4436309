/* SPDX-License-Identifier: GPL-2.0 */
/* zsmctl try: what each codec would make of real pages. */
#ifndef ZSMCTL_CMD_TRY_HH
#define ZSMCTL_CMD_TRY_HH

#include "tools/zsmctl/cmd/exit.hh"

#include <cstddef>
#include <string>

namespace zsmctl {

struct try_options {
	std::string what; /* a file, or the number of a process */
	bool system = false;
	size_t pages = 4096; /* of the sample, at the most */
	std::string svg;     /* a file to draw into; empty: none */
};

exit_status run_try(const try_options &options);

} /* namespace zsmctl */

#endif /* ZSMCTL_CMD_TRY_HH */
