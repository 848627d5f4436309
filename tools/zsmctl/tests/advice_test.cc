// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/figures/advice.hh"

#include <gtest/gtest.h>

namespace zsmctl {

namespace {

/* @n pages, of which half are old; lz4 takes 1000 bytes of each, zstd 600,
 * w64hc 700. */
advice_facts facts_of(size_t n)
{
	advice_facts f;

	f.all.packed = n;
	f.all.old = n / 2;
	f.all.fresh = n;
	f.all.old_fresh = n / 2;
	for (size_t i = 0; i < n; i++)
		f.sample.push_back({.old = i % 2 == 0, .fresh = true});
	for (const auto &[name, taken, us] :
	     {std::tuple<const char *, uint64_t, double>{"lz4", 1000, 1},
	      {"zstd", 600, 4},
	      {"w64hc", 700, 2},
	      {"lzo", 990, 1}}) {
		trial_row row;

		row.codec = name;
		row.page_taken.assign(n, taken);
		row.read_us = us;
		row.write_us = us;
		f.tried.rows.push_back(row);
	}
	return f;
}

zram_device device_of(const char *algorithm)
{
	zram_device d;

	d.algorithm.selected = algorithm;
	d.algorithm.offered = {"lz4", "zstd", "w64hc", "lzo-rle"};
	return d;
}

bool any_says(const std::vector<std::string> &sentences, const char *text)
{
	for (const std::string &s : sentences)
		if (s.find(text) != s.npos)
			return true;
	return false;
}

} /* namespace */

TEST(advice, counts_each_page_once)
{
	page_census c;
	const double now = 2 * old_seconds;

	c.count(*parse_block_line("0 0.0 ......"), now);
	c.count(*parse_block_line("1 7000.0 ..h..n"), now);
	c.count(*parse_block_line("2 0.0 ....r."), now);
	c.count(*parse_block_line("3 0.0 s....."), now);
	c.count(*parse_block_line("4 0.0 .w...."), now);
	EXPECT_EQ(c.packed, 3u);
	EXPECT_EQ(c.old, 2u);
	EXPECT_EQ(c.huge, 1u);
	EXPECT_EQ(c.fresh, 1u);
	EXPECT_EQ(c.old_fresh, 1u);
	EXPECT_EQ(c.same, 1u);
	EXPECT_EQ(c.away, 1u);
}

TEST(advice, begins_with_what_gives_most)
{
	zram_device d = device_of("lz4");

	d.backing = "/dev/sda3";
	d.secondary = {"w64hc"};
	const auto all = advice(d, facts_of(4096));

	/* To disk 2048 pages of 1000 bytes; zstd 4096 of 400; w64hc 4096 of
	 * 300; again 2048 of 300. */
	ASSERT_EQ(all.size(), 4u);
	EXPECT_NE(all[0].find("free about 2.0 MiB of memory: `zsmctl "
			      "writeback --older 1h'"),
		  std::string::npos)
		<< all[0];
	EXPECT_NE(all[1].find("with zstd in place of lz4"), std::string::npos);
	EXPECT_NE(
		all[1].find("about 1.6 MiB less; a read would take 4.0 times"),
		std::string::npos)
		<< all[1];
	EXPECT_NE(all[2].find("with w64hc in place of lz4"), std::string::npos);
	EXPECT_NE(all[3].find("would free about 600 KiB: `zsmctl recompress"),
		  std::string::npos)
		<< all[3];
}

TEST(advice, leaves_out_what_would_not_help)
{
	const auto all = advice(device_of("zstd"), facts_of(4096));

	EXPECT_FALSE(any_says(all, "in place of"));
	EXPECT_FALSE(any_says(all, "recompress"));
	EXPECT_TRUE(any_says(all, "it has no disk"));
	/* lzo is less than a twentieth better than lz4. */
	EXPECT_FALSE(any_says(advice(device_of("lz4"), facts_of(4096)),
			      "with lzo-rle"));
}

TEST(advice, says_so_if_nothing_would_help)
{
	advice_facts f = facts_of(16);

	f.all.old = 0;
	f.all.old_fresh = 0;
	EXPECT_TRUE(any_says(advice(device_of("zstd"), f), "are in use"));
	f.all.packed = 0;
	EXPECT_TRUE(any_says(advice(device_of("zstd"), f), "nothing to gain"));
	EXPECT_TRUE(any_says(advice(device_of("842"), facts_of(16)),
			     "842 is not known here"));
}

} /* namespace zsmctl */
