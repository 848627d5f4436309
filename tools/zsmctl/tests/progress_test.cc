// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/show/progress.hh"

#include <gtest/gtest.h>

namespace zsmctl {

TEST(progress, shows_a_share_or_only_how_much)
{
	EXPECT_EQ(progress_line("x", 1 << 20, 2 << 20),
		  "x: [==========          ]  50 %, 1.0 MiB of 2.0 MiB");
	EXPECT_EQ(progress_line("x", 3 << 20, 2 << 20),
		  "x: [====================] 100 %, 2.0 MiB of 2.0 MiB");
	EXPECT_EQ(progress_line("x", 1 << 20, 0), "x: 1.0 MiB");
}

} /* namespace zsmctl */
