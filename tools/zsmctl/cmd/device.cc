// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/cmd/device.hh"

#include "tools/zsmctl/cmd/exit.hh"
#include "tools/zsmctl/sys/zram.hh"

#include <unistd.h>

namespace zsmctl {

namespace {

constexpr int tries = 30;
constexpr useconds_t between_tries = 100000;

} /* namespace */

std::string device_named(const tree &files, const std::string &given)
{
	const std::string folder = "/dev/";
	const std::string name = given.rfind(folder, 0) == 0
					 ? given.substr(folder.size())
					 : given;

	if (!is_zram_name(name))
		throw failure(EXIT_USAGE,
			      given + " is no zram device, such as zram0");
	if (!files.exists("/sys/block/" + name))
		throw failure(EXIT_ABSENT, name + ": there is no such device");
	return name;
}

std::vector<std::string> devices_named(const tree &files,
				       const std::vector<std::string> &given)
{
	std::vector<std::string> names;

	if (given.empty())
		return list_zram(files);
	for (const std::string &g : given)
		names.push_back(device_named(files, g));
	return names;
}

int write_patiently(const tree &files, const std::string &file,
		    std::string_view text)
{
	int error = 0;

	for (int i = 0; i < tries; i++) {
		error = files.write(file, text);
		if (error != EBUSY)
			break;
		::usleep(between_tries);
	}
	return error;
}

} /* namespace zsmctl */
