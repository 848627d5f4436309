// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/figures/trial.hh"
#include "tools/zsmctl/show/trial.hh"
#include "tools/zsmctl/sys/memory_sample.hh"

#include "tools/zsmctl/tests/folder.hh"

#include <array>
#include <cstring>
#include <gtest/gtest.h>
#include <random>
#include <unistd.h>

namespace zsmctl {

namespace {

using raw_page = std::array<uint8_t, codec_page>;

raw_page text_page(unsigned seed)
{
	raw_page p;

	for (size_t i = 0; i < p.size(); i++)
		p[i] = static_cast<uint8_t>(
			"the quick brown fox "[(i * (seed % 3 + 1)) % 20]);
	std::memcpy(p.data(), &seed, sizeof(seed));
	return p;
}

raw_page random_page(unsigned seed)
{
	std::mt19937 numbers(seed);
	raw_page p;

	for (uint8_t &byte : p)
		byte = static_cast<uint8_t>(numbers());
	return p;
}

page_sample mixed_sample()
{
	page_sample sample;

	for (unsigned i = 0; i < 8; i++) {
		sample.add(text_page(i).data());
		sample.add(random_page(i).data());
		sample.add(raw_page{}.data());
	}
	return sample;
}

} /* namespace */

TEST(trial, gives_every_page_back_with_every_codec)
{
	const trial t =
		try_codecs(mixed_sample(), all_codecs(), [] { return false; });

	EXPECT_EQ(t.pages, 24u);
	EXPECT_EQ(t.same, 8u);
	EXPECT_EQ(t.rows.size(), all_codecs().size());
	for (const trial_row &row : t.rows) {
		EXPECT_FALSE(row.wrong) << row.codec;
		EXPECT_EQ(row.huge, 8u) << row.codec;
		EXPECT_LT(row.compressed, 16 * codec_page) << row.codec;
		EXPECT_GT(row.taken, row.compressed) << row.codec;
	}
}

TEST(trial, stops_when_told_to)
{
	EXPECT_EQ(try_codecs(mixed_sample(), all_codecs(), [] { return true; })
			  .rows.size(),
		  1u);
}

/* A damaged block is refused, or gives some page; it never leads out of a
 * buffer. */
TEST(trial, lets_codecs_refuse_what_is_no_block)
{
	const raw_page junk = random_page(1);
	raw_page out;

	for (const auto &c : all_codecs())
		for (const size_t bytes : {1, 7, 100, 4000})
			c->decompress(junk.data(), bytes, out.data());
}

TEST(trial, counts_memory_as_the_module_lays_it_out)
{
	EXPECT_GE(memory_of_block(1), 16u);
	EXPECT_LT(memory_of_block(64), 64u + 48);
	for (size_t bytes = 1; bytes <= codec_page; bytes++) {
		EXPECT_GE(memory_of_block(bytes), bytes);
		EXPECT_LE(memory_of_block(bytes), codec_page + 128);
	}
}

TEST(trial, is_shown_as_a_table_and_drawn)
{
	const trial t =
		try_codecs(mixed_sample(), all_codecs(), [] { return false; });
	const std::string table = trial_table(t, "a <sample>");
	const std::string svg = trial_svg(t, "a <sample> & more");

	for (const trial_row &row : t.rows) {
		EXPECT_NE(table.find(row.codec), table.npos);
		EXPECT_NE(svg.find(">" + row.codec + "<"), svg.npos);
	}
	EXPECT_NE(table.find("24 pages of a <sample>; 33 % of them"),
		  table.npos);
	EXPECT_NE(svg.find("a &lt;sample> &amp; more"), svg.npos);
}

TEST(memory_sample, spreads_over_a_file)
{
	folder f;
	std::string text;
	std::vector<uint8_t> firsts;

	for (int i = 0; i < 10; i++)
		text += std::string(codec_page, static_cast<char>(i));
	f.put("/file", text + "rest");
	EXPECT_EQ(sample_file(f.path() + "/file", codec_page, 5,
			      [&](const uint8_t *p) { firsts.push_back(*p); }),
		  0);
	EXPECT_EQ(firsts, (std::vector<uint8_t>{0, 2, 4, 6, 8}));
	firsts.clear();
	sample_file(f.path() + "/file", codec_page, 500,
		    [&](const uint8_t *p) { firsts.push_back(*p); });
	EXPECT_EQ(firsts.size(), 10u);
	EXPECT_EQ(sample_file(f.path() + "/nothing", codec_page, 5,
			      [](const uint8_t *) {}),
		  ENOENT);
}

TEST(memory_sample, finds_the_pages_of_a_process)
{
	std::vector<uint8_t> mine(64 * codec_page, 0x5a);
	size_t found = 0;

	ASSERT_EQ(sample_process(::getpid(), codec_page, 1 << 20,
				 [&](const uint8_t *p) {
					 found += p[0] == 0x5a &&
						  p[codec_page - 1] == 0x5a;
				 }),
		  0);
	EXPECT_GE(found, 62u);
	EXPECT_EQ(mine.back(), 0x5a);
	EXPECT_NE(sample_process(-1, codec_page, 1, [](const uint8_t *) {}), 0);
}

} /* namespace zsmctl */
