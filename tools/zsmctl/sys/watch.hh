/* SPDX-License-Identifier: GPL-2.0 */
/* Looks at a machine again and again, and reads only what has to be. */
#ifndef ZSMCTL_SYS_WATCH_HH
#define ZSMCTL_SYS_WATCH_HH

#include "tools/zsmctl/sys/system.hh"

#include <string>
#include <vector>

namespace zsmctl {

class watch {
public:
	/* @devices: only these; empty: all. */
	watch(const tree &files, std::vector<std::string> devices);

	/* Devices that come and go are noticed at every tenth look. */
	const system_state &look();

private:
	void look_at_all();

	const tree &files_;
	std::vector<std::string> devices_;
	system_state state_;
	unsigned looks_ = 0;
};

} /* namespace zsmctl */

#endif /* ZSMCTL_SYS_WATCH_HH */
