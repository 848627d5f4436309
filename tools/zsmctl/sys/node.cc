// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/sys/node.hh"

#include "tools/zsmctl/sys/program.hh"

#include <cerrno>
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace zsmctl {

block_node look_at_node(const std::string &path)
{
	block_node node;
	struct stat st = {};

	if (::stat(path.c_str(), &st)) {
		node.error = errno;
		return node;
	}
	if (!S_ISBLK(st.st_mode)) {
		node.error = ENOTBLK;
		return node;
	}
	/* The kernel refuses this while it is mounted, swapped to, or a part of
	 * another. */
	const int fd = ::open(path.c_str(), O_RDONLY | O_EXCL | O_CLOEXEC);

	if (fd < 0) {
		node.error = errno;
		return node;
	}
	if (::ioctl(fd, BLKGETSIZE64, &node.bytes))
		node.error = errno;
	::close(fd);
	/* 2: there is nothing that it knows. */
	const ended e = run_program({"blkid", "-p", "-o", "value", "-s", "TYPE",
				     "-s", "PTTYPE", path});

	if (!e)
		return node;
	node.content = e.output.empty()
			       ? "something"
			       : e.output.substr(0, e.output.find('\n'));
	return node;
}

} /* namespace zsmctl */
