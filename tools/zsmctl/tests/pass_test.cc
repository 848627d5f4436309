// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/figures/pass.hh"
#include "tools/zsmctl/show/progress.hh"
#include "tools/zsmctl/sys/block_state.hh"

#include "tools/zsmctl/tests/folder.hh"

#include <gtest/gtest.h>

namespace zsmctl {

TEST(pass, reads_ages)
{
	EXPECT_EQ(parse_age("90"), 90u);
	EXPECT_EQ(parse_age("90s"), 90u);
	EXPECT_EQ(parse_age("10m"), 600u);
	EXPECT_EQ(parse_age("2h"), 7200u);
	EXPECT_EQ(parse_age("1d"), 86400u);
	EXPECT_EQ(parse_age("0"), 0u);
	for (const char *wrong :
	     {"", "s", "-1", "1w", "1.5h", "99999999d", "1hh"})
		EXPECT_FALSE(parse_age(wrong)) << wrong;
}

TEST(pass, names_pages_as_the_knobs_do)
{
	pass_wishes want;

	EXPECT_EQ(want.type(), "");
	EXPECT_EQ(recompress_text(want, 0), "\n");
	want.older = 60;
	EXPECT_EQ(want.type(), "idle");
	want.huge = true;
	EXPECT_EQ(want.type(), "huge_idle");
	want.algorithm = "zstd";
	want.threshold = 3000;
	EXPECT_EQ(recompress_text(want, 17),
		  "type=huge_idle algo=zstd threshold=3000 max_pages=17");
	want.older.reset();
	EXPECT_EQ(want.type(), "huge");
	want.incompressible = true;
	EXPECT_EQ(want.type(), "incompressible");
}

TEST(pass, reads_block_state_of_new_and_old_kernels)
{
	const auto line = parse_block_line("        17   75.033841 .whirn ");

	ASSERT_TRUE(line);
	EXPECT_EQ(line->page, 17u);
	EXPECT_NEAR(line->accessed, 75.033841, 1e-6);
	EXPECT_TRUE(line->away && line->huge && line->idle && line->again &&
		    line->tried);
	EXPECT_FALSE(line->same);
	EXPECT_TRUE(parse_block_line("0 1.0 s...")->same);
	EXPECT_FALSE(parse_block_line("junk"));
	EXPECT_FALSE(parse_block_line("x 1.0 s..."));
}

TEST(pass, takes_the_pages_that_the_driver_would)
{
	const auto line = [](const char *flags) {
		return *parse_block_line(std::string("1 2.0 ") + flags);
	};
	pass_wishes all, idle, huge, incompressible;

	idle.older = 5;
	huge.huge = true;
	incompressible.incompressible = true;
	EXPECT_TRUE(would_recompress(all, line("......")));
	for (const char *flags : {"s.....", ".w....", "....r.", ".....n"})
		EXPECT_FALSE(would_recompress(all, line(flags))) << flags;
	EXPECT_FALSE(would_recompress(idle, line("......")));
	EXPECT_TRUE(would_recompress(idle, line("...i..")));
	EXPECT_TRUE(would_write_back(huge, line("..h...")));
	EXPECT_FALSE(would_write_back(huge, line("......")));
	EXPECT_TRUE(would_write_back(idle, line("...ir.")));
	EXPECT_FALSE(would_write_back(idle, line(".w.i..")));
	EXPECT_TRUE(would_write_back(incompressible, line("..h..n")));
	EXPECT_FALSE(would_write_back(incompressible, line("..h...")));
}

TEST(pass, goes_through_a_device_until_told_to_stop)
{
	folder f;
	int seen = 0;

	f.put("/sys/kernel/debug/zram/zram0/block_state",
	      "0 1.0 ......\n1 1.0 ......\njunk\n2 1.0 ......");
	EXPECT_EQ(each_block(tree(f.path()), "zram0",
			     [&](const block_line &) { return ++seen; }),
		  0);
	EXPECT_EQ(seen, 3);
	EXPECT_EQ(each_block(tree(f.path()), "zram0",
			     [&](const block_line &) {
				     seen++;
				     return false;
			     }),
		  0);
	EXPECT_EQ(seen, 4);
	EXPECT_EQ(each_block(tree(f.path()), "zram1",
			     [](const block_line &) { return true; }),
		  ENOENT);
}

TEST(progress, shows_a_share_or_only_how_much)
{
	EXPECT_EQ(progress_line("x", 1 << 20, 2 << 20),
		  "x: [==========          ]  50 %, 1.0 MiB of 2.0 MiB");
	EXPECT_EQ(progress_line("x", 3 << 20, 2 << 20),
		  "x: [====================] 100 %, 2.0 MiB of 2.0 MiB");
	EXPECT_EQ(progress_line("x", 1 << 20, 0), "x: 1.0 MiB");
}

} /* namespace zsmctl */
