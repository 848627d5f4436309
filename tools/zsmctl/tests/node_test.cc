// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/sys/node.hh"

#include "tools/zsmctl/tests/folder.hh"

#include <gtest/gtest.h>

namespace zsmctl {

namespace {

block_node after(int status, const char *output)
{
	block_node node;

	take_content(node, {.status = status, .output = output});
	return node;
}

} /* namespace */

TEST(node, holds_what_blkid_says)
{
	EXPECT_EQ(after(0, "ext4").content, "ext4");
	EXPECT_EQ(after(0, "vfat\ndos").content, "vfat");
	EXPECT_EQ(after(0, "").content, "something");
	EXPECT_EQ(after(8, "ambivalent result").content, "several signatures");
	EXPECT_EQ(after(8, "").content, "several signatures");
	EXPECT_EQ(after(0, "ext4").unknown, "");
	EXPECT_EQ(after(8, "").unknown, "");
}

TEST(node, is_empty_only_if_blkid_says_so)
{
	EXPECT_EQ(after(2, "").content, "");
	EXPECT_EQ(after(2, "").unknown, "");
	EXPECT_EQ(after(2, "error: /dev/sdx: cannot open").unknown,
		  "error: /dev/sdx: cannot open");
	EXPECT_EQ(after(127, "blkid: there is no such program").unknown,
		  "blkid: there is no such program");
	EXPECT_EQ(after(4, "").unknown, "blkid ended with status 4");
	EXPECT_EQ(after(128 + 11, "").unknown, "blkid ended with status 139");
}

TEST(node, has_a_name_that_lasts)
{
	folder f;
	const tree files(f.path());
	const auto link = [&](const char *to, const std::string &name) {
		const std::filesystem::path path =
			f.path() + "/dev/disk/" + name;

		std::filesystem::create_directories(path.parent_path());
		std::filesystem::create_symlink("../../" + std::string(to),
						path);
	};

	for (const char *disk : {"sda", "sda1", "sdb", "sdb1", "sdc"})
		f.put(std::string("/dev/") + disk, "");
	link("sda", "by-id/ata-one");
	link("sda1", "by-id/ata-one-part1");
	link("sdb", "by-id/ata-two");
	link("sdb1", "by-id/ata-two-part1");
	link("sdb1", "by-partuuid/1-2");
	/* These go with what the disk holds. */
	link("sdc", "by-uuid/5-6");
	link("sdc", "by-label/tier");
	link("sdc", "by-id/lvm-pv-uuid-7");
	link("sda1", "by-uuid/3-4");
	EXPECT_EQ(lasting_name(files, "/dev/sdb1"),
		  "/dev/disk/by-partuuid/1-2");
	EXPECT_EQ(lasting_name(files, "/dev/sda1"),
		  "/dev/disk/by-id/ata-one-part1");
	EXPECT_EQ(lasting_name(files, "/dev/sdb"), "/dev/disk/by-id/ata-two");
	EXPECT_EQ(lasting_name(files, "/dev/disk/by-uuid/3-4"),
		  "/dev/disk/by-id/ata-one-part1");
	EXPECT_EQ(lasting_name(files, "/dev/sdc"), "");
	EXPECT_EQ(lasting_name(files, "/dev/disk/by-label/tier"), "");
	EXPECT_EQ(lasting_name(files, "/dev/nothing"), "");
	for (const char *stays :
	     {"/dev/disk/by-partlabel/tier", "/dev/mapper/vg-tier"})
		EXPECT_EQ(lasting_name(files, stays), stays);
}

} /* namespace zsmctl */
