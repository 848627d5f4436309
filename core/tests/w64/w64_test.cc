// SPDX-License-Identifier: GPL-2.0 OR MIT
/* W64: what goes in comes out, from either build, and nothing else is read. */
#include "core/tests/w64/builds.hh"
#include "core/tests/w64/pages.hh"
#include "core/tests/w64/reference.hh"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <memory>

namespace w64_test {
namespace {

using w64_pages::page;
using block = std::vector<uint8_t>;

/* Larger pages take longer, and need it less. */
constexpr unsigned int scale = W64_PAGE_BYTES / 4096;
constexpr unsigned int rounds = 150 / scale;

/* Exactly as large as it must be, so that sanitizers see what is beyond. */
template <class T>
std::unique_ptr<T[]> exactly(size_t nr)
{
	return std::make_unique<T[]>(nr);
}

block compress(const w64_build &with, const page &p, int fill)
{
	const auto work = exactly<uint64_t>(W64_WORK_BYTES / 8);
	const auto dst = exactly<uint8_t>(W64_DST_BYTES);

	memset(work.get(), fill, W64_WORK_BYTES);

	const uint32_t nr =
		with.compress(p.bytes.data(), dst.get(), work.get());

	EXPECT_LT(nr, W64_PAGE_BYTES);
	return {dst.get(), dst.get() + nr};
}

/* The page, unless the block is refused. */
std::unique_ptr<page> decompress(const w64_build &with, const block &from)
{
	const auto src = exactly<uint8_t>(from.size());
	auto p = std::make_unique<page>();

	std::copy(from.begin(), from.end(), src.get());
	memset(p->bytes.data(), 0xa5, W64_PAGE_BYTES);
	if (with.decompress(src.get(), from.size(), p->bytes.data()))
		return nullptr;
	return p;
}

/* All builds and the reference make the same of a block, which is returned. */
std::unique_ptr<page> decompress_alike(const block &from)
{
	const auto expected =
		w64_reference::decode(from.data(), from.size(), W64_PAGE_BYTES);
	std::unique_ptr<page> p;

	for (const w64_build &build : w64_builds()) {
		p = decompress(build, from);
		EXPECT_EQ(p != nullptr, expected.has_value()) << build.name;
		if (p && expected) {
			EXPECT_EQ(0, memcmp(p->bytes.data(), expected->data(),
					    W64_PAGE_BYTES))
				<< build.name;
		}
	}
	return p;
}

/* Round trip through everything there is. Returns the block. */
block check_page(const page &p)
{
	block first;

	for (const w64_build &build : w64_builds()) {
		for (int fill : {0x00, 0xff, 0x5a}) {
			const block b = compress(build, p, fill);

			if (fill == 0 &&
			    build.compress == w64_compress_portable)
				first = b;
			EXPECT_EQ(b, first)
				<< build.name << ", work memory of " << fill;
		}
	}
	if (first.empty())
		return first;

	const auto out = decompress_alike(first);

	EXPECT_TRUE(out && *out == p);
	return first;
}

template <class Check>
void for_pages(Check check)
{
	w64_pages::random random(1);

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

TEST(w64, every_page_comes_back_from_every_build)
{
	for_pages([](const page &p, auto &) { check_page(p); });
}

TEST(w64, a_page_of_zeroes_takes_next_to_nothing)
{
	EXPECT_LE(check_page(page{}).size(), 1 + W64_PAGE_BYTES / 512 + 4);
}

TEST(w64, a_random_page_is_stored_as_it_is)
{
	w64_pages::random random(2);

	for (int i = 0; i < 100; i++)
		EXPECT_TRUE(check_page(w64_pages::make(4, random)).empty());
}

/* A single word that differs, anywhere: the edges of groups and of the page. */
TEST(w64, one_word_anywhere)
{
	for (size_t i = 0; i < W64_PAGE_BYTES / 8; i += 2 * scale * scale - 1) {
		for (uint64_t value : {uint64_t{1}, ~uint64_t{0},
				       uint64_t{0x8000000000000000}}) {
			page p;

			p.set_word(i, value);
			ASSERT_FALSE(check_page(p).empty()) << i;
		}
	}
}

/* All lags, up to the largest and beyond it. */
TEST(w64, every_lag)
{
	w64_pages::random random(3);

	for (size_t lag = 1; lag <= 260; lag += scale) {
		page p;

		for (size_t i = 0; i < W64_PAGE_BYTES / 8; i++)
			p.set_word(i, i < lag ? random() : p.word(i - lag));
		check_page(p);
	}
}

/* Every exact mask against every reference, in words at the page's end too. */
TEST(w64, every_mask)
{
	w64_pages::random random(4);

	for (unsigned int mask = 0; mask < 256; mask++) {
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
		ASSERT_FALSE(check_page(p).empty() && mask != 0xff) << mask;
	}
}

TEST(w64, neither_end_of_a_block_can_be_cut)
{
	w64_pages::random random(5);

	for (unsigned int kind = 0; kind < w64_pages::nr_kinds; kind++) {
		const block whole = check_page(w64_pages::make(kind, random));

		for (size_t nr = 0; nr < whole.size(); nr += scale * scale) {
			const block cut(whole.begin(), whole.begin() + nr);
			const auto out = decompress_alike(cut);

			/* A cut may leave a block, but of another page. */
			ASSERT_TRUE(!out || nr > 1) << kind << " " << nr;
		}

		block more = whole;

		more.push_back(0);
		decompress_alike(more);
	}
}

void mutate(block &b, w64_pages::random &random)
{
	for (size_t nr = 1 + random() % 8; nr-- > 0;) {
		const size_t reach = random() % 3
					     ? b.size()
					     : std::min<size_t>(b.size(), 16);
		uint8_t &byte = b[random() % reach];

		if (random() % 2)
			byte ^= 1 << random() % 8;
		else
			byte = static_cast<uint8_t>(random());
	}
	if (random() % 4 == 0)
		b.resize(1 + random() % b.size());
}

TEST(w64, decoders_agree_on_mutated_blocks)
{
	for_pages([](const page &p, auto &random) {
		const block whole = compress(w64_builds()[0], p, 0);

		for (int i = 0; i < 10 && !whole.empty(); i++) {
			block b = whole;

			mutate(b, random);
			decompress_alike(b);
		}
	});
}

TEST(w64, decoders_agree_on_arbitrary_bytes)
{
	w64_pages::random random(6);

	for (unsigned int i = 0; i < 20000u / scale; i++) {
		block b(random() % 600);

		for (uint8_t &byte : b)
			byte = random() % 3 ? static_cast<uint8_t>(random())
					    : 0;
		if (!b.empty())
			b[0] = (ZSM_PAGE_SHIFT - 12) << 3 | (random() & 1);
		/* Often a first group, and not too many others. */
		if (b.size() > 16 && random() % 2) {
			memset(&b[1], 0, 8);
			b[1] = 1 | (random() & 0x83);
		}
		decompress_alike(b);
		if (testing::Test::HasFailure())
			return;
	}
}

TEST(w64, other_headers_are_refused)
{
	w64_pages::random random(7);
	const block whole = check_page(w64_pages::make(8, random));

	ASSERT_FALSE(whole.empty());
	for (unsigned int header = 0; header < 256; header++) {
		block b = whole;

		b[0] = static_cast<uint8_t>(header);

		const auto out = decompress_alike(b);

		if (header >> 1 != whole[0] >> 1) {
			EXPECT_FALSE(out) << header;
		}
	}
	EXPECT_FALSE(decompress_alike({}));
	EXPECT_FALSE(decompress_alike(block(W64_PAGE_BYTES, whole[0])));
	EXPECT_FALSE(decompress_alike(block(W64_PAGE_BYTES + 1, whole[0])));
}

/* A block as the document lays it out, put together by hand. */
TEST(w64, a_block_made_by_hand)
{
	constexpr size_t map_bytes = W64_PAGE_BYTES / 512;
	block b(1 + map_bytes);

	b[0] = (ZSM_PAGE_SHIFT - 12) << 3;
	b[1] = 1;
	/* Word 0: mask 81 against zero. */
	b.insert(b.end(), {0x81, 0x11, 0x22});
	/* Word 1: low byte. 2: copy at lag 2. 3: previous, mask 03. */
	b.push_back(0x33);
	b.push_back(1);
	b.insert(b.end(), {0x44, 0x55});
	/* Word 4: lag 4, mask 18. Word 5 zero, 6 and 7 at lag 4. */
	b.insert(b.end(), {3, 0x18, 0x66, 0x77});
	/* Tags. */
	b.insert(b.end(), {0x4c, 0x9a, 0x1f, 0x00});

	const auto p = decompress_alike(b);

	ASSERT_TRUE(p);
	EXPECT_EQ(p->word(0), 0x2200000000000011u);
	EXPECT_EQ(p->word(1), 0x2200000000000033u);
	EXPECT_EQ(p->word(2), 0x2200000000000011u);
	EXPECT_EQ(p->word(3), 0x2200000000005544u);
	EXPECT_EQ(p->word(4), 0x2200007766000011u);
	EXPECT_EQ(p->word(5), 0u);
	EXPECT_EQ(p->word(6), p->word(2));
	EXPECT_EQ(p->word(7), p->word(3));
	for (size_t i = 8; i < W64_PAGE_BYTES / 8; i++)
		EXPECT_EQ(p->word(i), p->word(i - 4));

	/* Each byte less or more breaks it. */
	block shorter = b;

	shorter.erase(shorter.begin() + 1 + map_bytes);
	EXPECT_FALSE(decompress_alike(shorter));
	b.insert(b.begin() + 1 + map_bytes, 0);
	EXPECT_FALSE(decompress_alike(b));
}

/* What this program is made of: code, tables, text, from all over it. */
TEST(w64, pages_of_this_program)
{
	std::ifstream file("/proc/self/exe", std::ios::binary | std::ios::ate);
	const auto nr = static_cast<size_t>(file.tellg()) / W64_PAGE_BYTES;
	const size_t step = nr / (400 / scale) + 1;
	page p;

	ASSERT_GT(nr, 0u);
	for (size_t i = 0; i < nr; i += step) {
		file.seekg(static_cast<std::streamoff>(i * W64_PAGE_BYTES));
		file.read(reinterpret_cast<char *>(p.bytes.data()),
			  W64_PAGE_BYTES);
		ASSERT_TRUE(file);
		check_page(p);
		ASSERT_FALSE(testing::Test::HasFailure()) << "page " << i;
	}
}

} /* namespace */
} /* namespace w64_test */
