// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/sys/node.hh"

#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace zsmctl {

namespace {

/* What blkid(8) ends with. */
constexpr int blkid_knows_nothing = 2;
constexpr int blkid_finds_several = 8;

bool is_under(const std::string &path, const char *folder)
{
	return path.rfind(folder, 0) == 0;
}

/* In a recording, disks are files like others. */
bool is_same_disk(const std::string &a, const std::string &b)
{
	struct stat x = {}, y = {};

	if (::stat(a.c_str(), &x) || ::stat(b.c_str(), &y))
		return false;
	if (S_ISBLK(x.st_mode) && S_ISBLK(y.st_mode))
		return x.st_rdev == y.st_rdev;
	return x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

/* A name of what the disk holds, which goes when that is erased. */
bool names_content(const std::string &path)
{
	return is_under(path, "/dev/disk/by-uuid/") ||
	       is_under(path, "/dev/disk/by-label/") ||
	       is_under(path, "/dev/disk/by-id/lvm-pv-");
}

} /* namespace */

void take_content(block_node &node, const ended &blkid)
{
	if (blkid)
		node.content = blkid.output.empty()
				       ? "something"
				       : blkid.output.substr(
						 0, blkid.output.find('\n'));
	else if (blkid.status == blkid_finds_several)
		node.content = "several signatures";
	/* It says a word there only if it could not read the disk. */
	else if (blkid.status != blkid_knows_nothing || !blkid.output.empty())
		node.unknown =
			blkid.output.empty()
				? fmt::format("blkid ended with status {}",
					      blkid.status)
				: blkid.output;
}

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
	take_content(node, run_program({"blkid", "-p", "-o", "value", "-s",
					"TYPE", "-s", "PTTYPE", path}));
	return node;
}

std::string lasting_name(const tree &files, const std::string &path)
{
	if ((is_under(path, "/dev/disk/") || is_under(path, "/dev/mapper/")) &&
	    !names_content(path))
		return path;
	for (const std::string folder :
	     {"/dev/disk/by-partuuid/", "/dev/disk/by-id/"})
		for (const std::string &name : files.list(folder))
			if (!names_content(folder + name) &&
			    is_same_disk(files.path(folder + name),
					 files.path(path)))
				return folder + name;
	return {};
}

} /* namespace zsmctl */
