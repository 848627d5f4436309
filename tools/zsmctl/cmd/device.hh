/* SPDX-License-Identifier: GPL-2.0 */
/* Devices as people name them. */
#ifndef ZSMCTL_CMD_DEVICE_HH
#define ZSMCTL_CMD_DEVICE_HH

#include "tools/zsmctl/sys/tree.hh"

#include <string>
#include <string_view>
#include <vector>

namespace zsmctl {

/*
 * The name of the device that @given, `zram0' or `/dev/zram0', stands for.
 * Throws: failure, if there is none.
 */
std::string device_named(const tree &files, const std::string &given);

/* The same for each of @given; all devices if there are none. */
std::vector<std::string> devices_named(const tree &files,
				       const std::vector<std::string> &given);

/*
 * Writes to a knob, and tries again for three seconds while another program,
 * such as udev's, has the device open. Return: 0, or the errno of the kernel.
 * Context: sleeps.
 */
int write_patiently(const tree &files, const std::string &file,
		    std::string_view text);

} /* namespace zsmctl */

#endif /* ZSMCTL_CMD_DEVICE_HH */
