// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * w64hc: what goes in comes out, at every level and from either build, and
 * nothing else is read.
 */
#include "core/tests/w64/builds.hh"
#include "core/tests/w64/pages.hh"
#include "core/tests/w64/hc_builds.hh"
#include "core/tests/w64/hc_reference.hh"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <memory>

namespace w64hc_test {
namespace {

using w64_pages::page;
using block = std::vector<uint8_t>;

/* Larger pages take longer, and need it less. */
constexpr unsigned int scale = W64_PAGE_BYTES / 4096;
constexpr unsigned int rounds = 8 / scale + 1;

/* Exactly as large as it must be, so that sanitizers see what is beyond. */
template <class T>
std::unique_ptr<T[]> exactly(size_t nr)
{
	return std::make_unique<T[]>(nr);
}

block compress(const w64hc_build &with, const page &p, uint32_t level, int fill)
{
	const uint32_t work_bytes = w64hc_work_bytes(static_cast<int>(level));
	const auto work = exactly<uint64_t>(work_bytes / 8);
	const auto dst = exactly<uint8_t>(W64HC_DST_BYTES);

	memset(work.get(), fill, work_bytes);

	const uint32_t nr =
		with.compress(p.bytes.data(), dst.get(), work.get(), level);

	EXPECT_LT(nr, W64_PAGE_BYTES);
	return {dst.get(), dst.get() + nr};
}

/* The page, unless the block is refused. */
std::unique_ptr<page> decompress(const w64hc_build &with, const block &from,
				 int fill)
{
	const auto src = exactly<uint8_t>(from.size());
	const auto work = exactly<uint64_t>(W64HC_WORK_BYTES / 8);
	auto p = std::make_unique<page>();

	std::copy(from.begin(), from.end(), src.get());
	memset(work.get(), fill, W64HC_WORK_BYTES);
	memset(p->bytes.data(), 0xa5, W64_PAGE_BYTES);
	if (with.decompress(src.get(), from.size(), p->bytes.data(),
			    work.get()))
		return nullptr;
	return p;
}

/* All builds and the reference make the same of a block, which is returned. */
std::unique_ptr<page> decompress_alike(const block &from)
{
	const auto expected = w64hc_reference::decode(from.data(), from.size(),
						      W64_PAGE_BYTES);
	std::unique_ptr<page> p;

	for (const w64hc_build &build : w64hc_builds()) {
		for (int fill : {0x00, 0xff}) {
			p = decompress(build, from, fill);
			EXPECT_EQ(p != nullptr, expected.has_value())
				<< build.name;
			if (p && expected) {
				EXPECT_EQ(0, memcmp(p->bytes.data(),
						    expected->data(),
						    W64_PAGE_BYTES))
					<< build.name;
			}
		}
	}
	return p;
}

/* Round trip through everything there is. Returns the block. */
block check_page(const page &p, uint32_t level)
{
	block first;

	for (const w64hc_build &build : w64hc_builds()) {
		for (int fill : {0x00, 0xff, 0x5a}) {
			const block b = compress(build, p, level, fill);

			if (fill == 0 &&
			    build.compress == w64hc_compress_portable)
				first = b;
			EXPECT_EQ(b, first)
				<< build.name << ", work memory of " << fill;
		}
	}
	if (first.empty())
		return first;

	const auto out = decompress_alike(first);

	EXPECT_TRUE(out && *out == p) << "level " << level;
	return first;
}

void check_page(const page &p)
{
	for (uint32_t level : w64hc_levels)
		check_page(p, level);
}

template <class Check>
void for_pages(unsigned int seed, Check check)
{
	w64_pages::random random(seed);

	for (unsigned int round = 0; round < rounds; round++) {
		for (unsigned int kind = 0; kind < w64_pages::nr_kinds;
		     kind++) {
			page p = w64_pages::make(kind, random);

			if (round % 2)
				w64_pages::disturb(p, random);
			SCOPED_TRACE(testing::Message()
				     << "kind " << kind << ", round " << round);
			check(p, random);
			if (testing::Test::HasFailure())
				return;
		}
	}
}

TEST(w64hc, every_page_comes_back_from_every_build_at_every_level)
{
	for_pages(1, [](const page &p, auto &) { check_page(p); });
}

TEST(w64hc, a_page_of_zeroes_takes_next_to_nothing)
{
	for (uint32_t level : w64hc_levels)
		EXPECT_LE(check_page(page{}, level).size(), 64u);
}

TEST(w64hc, a_random_page_is_stored_as_it_is)
{
	w64_pages::random random(2);

	for (int i = 0; i < 4; i++) {
		const page p = w64_pages::make(4, random);

		for (uint32_t level : w64hc_levels)
			EXPECT_TRUE(check_page(p, level).empty());
	}
}

TEST(w64hc, one_word_anywhere)
{
	for (size_t i = 0; i < W64_PAGE_BYTES / 8;
	     i += 13 * scale * scale - 1) {
		for (uint64_t value : {uint64_t{1}, ~uint64_t{0},
				       uint64_t{0x8000000000000000}}) {
			page p;

			p.set_word(i, value);
			ASSERT_FALSE(check_page(p, i % 3).empty()) << i;
		}
	}
}

/* All lags, up to the largest and beyond it. */
TEST(w64hc, every_lag)
{
	w64_pages::random random(3);

	for (size_t lag = 1; lag <= 260; lag += 9 * scale) {
		page p;

		for (size_t i = 0; i < W64_PAGE_BYTES / 8; i++)
			p.set_word(i, i < lag ? random() : p.word(i - lag));
		check_page(p, lag % 2);
	}
}

/* Every exact mask against every reference, in words at the page's end too. */
TEST(w64hc, every_mask)
{
	w64_pages::random random(4);

	for (unsigned int mask = 0; mask < 256; mask += 5 * scale) {
		page p;

		for (size_t i = 0; i < W64_PAGE_BYTES / 8; i++) {
			uint64_t word = i < 3 || i % 5 == 0 ? 0 : p.word(i - 3);

			for (unsigned int byte = 0; byte < 8; byte++) {
				if (mask >> byte & 1 && i % 3 == 0)
					word ^= (1 + random() % 255)
						<< (8 * byte);
			}
			p.set_word(i, word);
		}
		check_page(p, mask % 2);
	}
}

/* Words that step by every distance that has a tag, and by those beside it. */
TEST(w64hc, every_step)
{
	w64_pages::random random(5);

	for (int64_t step = -1040; step <= 1040; step += 13 * scale) {
		const size_t lag = 1 + random() % 9;
		page p;

		for (size_t i = 0; i < W64_PAGE_BYTES / 8; i++) {
			const auto by = static_cast<uint64_t>(
				random() % 3 ? step : step / 2);

			p.set_word(i, i < lag ? random() >> 17
					      : p.word(i - lag) + by);
		}
		check_page(p, static_cast<uint32_t>(step & 1));
	}
}

/* Arithmetic sequences, whose first words have nothing at twice their lag. */
TEST(w64hc, sequences)
{
	w64_pages::random random(6);

	for (size_t lag = 1; lag <= 256; lag += 15 * scale) {
		page p;

		for (size_t i = 0; i < W64_PAGE_BYTES / 8; i++)
			p.set_word(i,
				   i < lag ? random()
					   : p.word(i - lag) + i % lag * lag);
		ASSERT_FALSE(check_page(p, lag % 2).empty() && lag < 100);
	}
}

/* Sixteen units, each of another kind; some of zeroes, some that do not fit. */
TEST(w64hc, a_large_page_of_many_kinds)
{
	w64_pages::random random(7);
	page p;

	for (size_t at = 0; at < W64_PAGE_BYTES; at += 4096) {
		const page other =
			w64_pages::make(static_cast<unsigned int>(at / 4096) %
						w64_pages::nr_kinds,
					random);

		memcpy(&p.bytes[at], &other.bytes[at], 4096);
	}
	check_page(p);
}

/* Each level is at least as dense as the one below, over all kinds of pages. */
TEST(w64hc, levels_are_in_order)
{
	size_t sums[4] = {};

	for_pages(8, [&](const page &p, auto &) {
		for (size_t i = 0; i < 4; i++) {
			const block b = compress(w64hc_builds()[0], p,
						 w64hc_levels[i], 0);

			sums[i] += b.empty() ? W64_PAGE_BYTES : b.size();
		}
	});
	EXPECT_LT(sums[1], sums[0]);
	EXPECT_LT(sums[2], sums[1]);
	EXPECT_LT(sums[3], sums[2]);
}

TEST(w64hc, work_memory_of_levels)
{
	EXPECT_EQ(w64hc_work_bytes(0), W64HC_WORK_BYTES);
	EXPECT_EQ(w64hc_work_bytes(1), W64HC_DENSE_WORK_BYTES);
	EXPECT_EQ(w64hc_work_bytes(2), W64HC_DENSER_WORK_BYTES);
	EXPECT_EQ(w64hc_work_bytes(9), W64HC_ARCHIVE_WORK_BYTES);
	for (int level : {-1, 3, 8, 10, 1 << 30})
		EXPECT_EQ(w64hc_work_bytes(level), 0u);
}

/* Blocks of W64's own coders are read too. */
TEST(w64hc, reads_blocks_of_w64)
{
	for_pages(9, [](const page &p, auto &) {
		const auto work = exactly<uint64_t>(W64_WORK_BYTES / 8);
		block b(W64_DST_BYTES);

		b.resize(w64_compress_portable(p.bytes.data(), b.data(),
					       work.get()));
		if (b.empty())
			return;

		const auto out = decompress_alike(b);

		EXPECT_TRUE(out && *out == p);
	});
}

TEST(w64hc, neither_end_of_a_block_can_be_cut)
{
	w64_pages::random random(10);

	for (unsigned int kind = 0; kind < w64_pages::nr_kinds; kind++) {
		const block whole =
			check_page(w64_pages::make(kind, random), kind % 2);

		for (size_t nr = 0; nr < whole.size(); nr += 61 * scale * scale)
			decompress_alike({whole.begin(), whole.begin() + nr});

		block more = whole;

		more.push_back(0);
		decompress_alike(more);
		if (testing::Test::HasFailure())
			return;
	}
}

void mutate(block &b, w64_pages::random &random)
{
	for (size_t nr = 1 + random() % 4; nr-- > 0;) {
		const size_t reach = std::min<size_t>(b.size(), 24);
		const size_t at = random() % 2
					  ? random() % b.size()
					  : b.size() - 1 - random() % reach;

		if (random() % 2)
			b[at] ^= 1 << random() % 8;
		else
			b[at] = static_cast<uint8_t>(random());
	}
	if (random() % 4 == 0) {
		const size_t at = random() % b.size();

		/* What is at the end is kept: it says where the rest is. */
		b.erase(b.begin() + static_cast<ptrdiff_t>(at),
			b.begin() + static_cast<ptrdiff_t>(std::min(
					    b.size(), at + random() % 9)));
	}
}

TEST(w64hc, decoders_agree_on_mutated_blocks)
{
	for_pages(11, [](const page &p, auto &random) {
		const block whole =
			compress(w64hc_builds()[0], p, random() % 3, 0);

		for (int i = 0; i < 16 && !whole.empty(); i++) {
			block b = whole;

			mutate(b, random);
			decompress_alike(b);
		}
	});
}

TEST(w64hc, decoders_agree_on_arbitrary_bytes)
{
	w64_pages::random random(12);

	for (unsigned int i = 0; i < 2000u / scale; i++) {
		block b(random() % 300);

		for (uint8_t &byte : b)
			byte = random() % 3 ? static_cast<uint8_t>(random())
					    : 0;
		if (b.empty())
			continue;
		b[0] = (ZSM_PAGE_SHIFT - 12) << 3 |
		       (scale > 1 ? 4 : 2 + random() % 2);
		/* Often few tokens and bytes, and small regions. */
		if (b.size() > 20 && random() % 2) {
			uint8_t *const tail = &b[b.size() - 8];

			tail[1] = static_cast<uint8_t>(random() % 64);
			tail[2] = static_cast<uint8_t>(random() & 0xf8);
			tail[3] = 0;
			tail[4] = static_cast<uint8_t>(random() % 16);
			tail[5] = static_cast<uint8_t>(random() % 16 * 4);
			tail[6] = static_cast<uint8_t>(random() % 16 * 16);
			tail[7] = 0;
		}
		decompress_alike(b);
		if (testing::Test::HasFailure())
			return;
	}
}

TEST(w64hc, other_headers_are_refused)
{
	w64_pages::random random(13);
	const block whole = check_page(w64_pages::make(8, random), 1);

	ASSERT_FALSE(whole.empty());
	for (unsigned int header = 0; header < 256; header++) {
		block b = whole;

		b[0] = static_cast<uint8_t>(header);

		const auto out = decompress_alike(b);

		if (header >> 3 != whole[0] >> 3) {
			EXPECT_FALSE(out) << header;
		}
	}
	EXPECT_FALSE(decompress_alike({}));
	EXPECT_FALSE(decompress_alike(block(W64_PAGE_BYTES, whole[0])));
	EXPECT_FALSE(decompress_alike(block(W64_PAGE_BYTES + 1, whole[0])));
}

/* What this program is made of: code, tables, text, from all over it. */
TEST(w64hc, pages_of_this_program)
{
	std::ifstream file("/proc/self/exe", std::ios::binary | std::ios::ate);
	const auto nr = static_cast<size_t>(file.tellg()) / W64_PAGE_BYTES;
	const size_t step = nr / (24 / scale) + 1;
	page p;

	ASSERT_GT(nr, 0u);
	for (size_t i = 0; i < nr; i += step) {
		file.seekg(static_cast<std::streamoff>(i * W64_PAGE_BYTES));
		file.read(reinterpret_cast<char *>(p.bytes.data()),
			  W64_PAGE_BYTES);
		ASSERT_TRUE(file);
		check_page(p, w64hc_levels[i % 4]);
		ASSERT_FALSE(testing::Test::HasFailure()) << "page " << i;
	}
}

} /* namespace */
} /* namespace w64hc_test */
