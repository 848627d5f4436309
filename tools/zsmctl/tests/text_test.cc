// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/show/text.hh"

#include <gtest/gtest.h>

namespace zsmctl {

TEST(text, is_broken_at_blanks_and_indented)
{
	EXPECT_EQ(wrapped("- ", "one two three", 9), "- one two\n  three\n");
	EXPECT_EQ(wrapped("- ", "one", 9), "- one\n");
	EXPECT_EQ(wrapped("- ", "", 9), "- \n");
	EXPECT_EQ(wrapped("- ", "a-word-that-is-longer b", 9),
		  "- a-word-that-is-longer\n  b\n");
}

TEST(text, counts_characters_and_not_bytes)
{
	EXPECT_EQ(columns("µs"), 2u);
	EXPECT_EQ(wrapped("", "µµ µµ", 5), "µµ µµ\n");
}

TEST(text, holds_no_command_for_a_terminal)
{
	EXPECT_EQ(printable("a\033[2Jb\n"), "a?[2Jb?");
}

} /* namespace zsmctl */
