// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/sys/node.hh"

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

} /* namespace zsmctl */
