// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/figures/trial.hh"

#include "core/store/same_filled.h"
#include "core/zsm/zspage.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <ctime>

namespace zsmctl {

namespace {

/* What a page's slot takes, in tables that are made when they are used. */
constexpr uint64_t slot_bytes = 8;
/* A zspage's entry in the pool's table. */
constexpr uint64_t table_entry = 8;
/* A round that is disturbed is slower, never faster. */
constexpr int rounds = 3;

/* Of the CPU, in microseconds: what other programs do meanwhile does not count.
 */
double cpu_time()
{
	std::timespec now = {};

	::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return static_cast<double>(now.tv_sec) * 1e6 +
	       static_cast<double>(now.tv_nsec) / 1e3;
}

/* Blocks of all pages, so that reading can be timed apart from writing. */
struct blocks {
	std::vector<std::vector<uint8_t>> of_page; /* empty: it is huge */
};

double write_all(const std::vector<const uint8_t *> &pages, codec &c, blocks &b)
{
	alignas(8) static uint8_t room[codec_room];
	double best = INFINITY;

	for (int round = 0; round < rounds; round++) {
		const double start = cpu_time();

		for (const uint8_t *page : pages)
			c.compress(page, room);
		best = std::min(best, cpu_time() - start);
	}
	for (const uint8_t *page : pages) {
		const size_t n = c.compress(page, room);

		b.of_page.emplace_back(room, room + n);
	}
	return best;
}

double read_all(const std::vector<const uint8_t *> &pages, codec &c,
		const blocks &b, bool &wrong)
{
	alignas(8) static uint8_t page[codec_page];
	double best = INFINITY;

	for (int round = 0; round < rounds; round++) {
		const double start = cpu_time();

		for (const auto &block : b.of_page)
			if (!block.empty())
				c.decompress(block.data(), block.size(), page);
		best = std::min(best, cpu_time() - start);
	}
	for (size_t i = 0; i < pages.size(); i++) {
		const auto &block = b.of_page[i];

		if (!block.empty() &&
		    (!c.decompress(block.data(), block.size(), page) ||
		     std::memcmp(page, pages[i], codec_page) != 0))
			wrong = true;
	}
	return best;
}

trial_row try_codec(const std::vector<const uint8_t *> &pages, codec &c)
{
	trial_row row;
	blocks b;
	size_t packed = 0;

	row.codec = c.name();
	row.write_us = write_all(pages, c, b);
	row.read_us = read_all(pages, c, b, row.wrong);
	for (const auto &block : b.of_page) {
		row.huge += block.empty();
		packed += !block.empty();
		row.compressed += block.empty() ? codec_page : block.size();
		row.page_taken.push_back(memory_of_block(
			block.empty() ? codec_page : block.size()));
		row.taken += row.page_taken.back();
	}
	if (!pages.empty())
		row.write_us /= static_cast<double>(pages.size());
	if (packed)
		row.read_us /= static_cast<double>(packed);
	return row;
}

} /* namespace */

bool repeats_one_value(const uint8_t *page)
{
	zsm_fill fill;

	return zsm_same_filled(page, &fill);
}

uint64_t memory_of_block(size_t bytes)
{
	const zsm_class_row &row =
		zsm_classes.rows[zsm_class_of(static_cast<uint32_t>(bytes))];
	const uint64_t chain = uint64_t{row.nr_pages} * codec_page +
			       zsm_zspage_bytes(row.nr_pages, row.nr_objs) +
			       table_entry;

	return (chain + row.nr_objs - 1) / row.nr_objs + slot_bytes;
}

trial try_codecs(const page_sample &sample,
		 const std::vector<std::unique_ptr<codec>> &codecs,
		 const std::function<bool()> &stop)
{
	std::vector<const uint8_t *> pages;
	trial t;

	t.pages = sample.size();
	for (size_t i = 0; i < sample.size(); i++) {
		if (repeats_one_value(sample.at(i)))
			t.same++;
		else
			pages.push_back(sample.at(i));
	}
	t.same_taken = t.same * slot_bytes;
	for (const auto &c : codecs) {
		t.rows.push_back(try_codec(pages, *c));
		if (stop())
			break;
	}
	return t;
}

} /* namespace zsmctl */
