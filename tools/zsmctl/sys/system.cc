// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/sys/system.hh"

#include <unistd.h>

namespace zsmctl {

system_state read_system(const tree &files)
{
	system_state s;

	s.memory = read_machine(files);
	s.driver = read_zram_driver(files);
	s.devices = read_all_zram(files);
	s.zswap = read_zswap(files, s.memory);
	s.page_size = static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
	return s;
}

} /* namespace zsmctl */
