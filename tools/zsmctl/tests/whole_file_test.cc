// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/sys/tree.hh"
#include "tools/zsmctl/sys/whole_file.hh"

#include "tools/zsmctl/tests/folder.hh"

#include <gtest/gtest.h>
#include <system_error>

namespace zsmctl {

TEST(whole_file, is_made_replaced_and_removed)
{
	folder f;
	const tree files(f.path());

	write_whole_file(f.path() + "/a/b/file", "one\n");
	EXPECT_EQ(files.read("/a/b/file").text, "one");
	write_whole_file(f.path() + "/a/b/file", "two\n");
	EXPECT_EQ(files.read("/a/b/file").text, "two");
	EXPECT_EQ(files.list("/a/b"), std::vector<std::string>{"file"});
	remove_file(f.path() + "/a/b/file");
	EXPECT_TRUE(files.list("/a/b").empty());
	EXPECT_THROW(remove_file(f.path() + "/a/b/file"), std::system_error);
}

TEST(whole_file, stays_as_it_was_if_it_cannot_be_replaced)
{
	folder f;
	const tree files(f.path());

	/* A rename cannot put a file in the place of a folder. */
	f.put("/a/file/inner", "old");
	EXPECT_THROW(write_whole_file(f.path() + "/a/file", "new"),
		     std::system_error);
	EXPECT_EQ(files.read("/a/file/inner").text, "old");
	EXPECT_EQ(files.list("/a"), std::vector<std::string>{"file"});
}

} /* namespace zsmctl */
