// SPDX-License-Identifier: GPL-2.0 OR MIT
/* Which pages a pass takes, beside a model that sorts them. */
#include "core/tests/store/words.hh"
#include "core/tests/zsm/model.hh"
#include "core/zram/pass.h"

#include <algorithm>
#include <optional>
#include <random>
#include <vector>

namespace pass_model {
namespace {

constexpr uint32_t all_prios = (1u << ZRAM_NR_PRIOS) - 2;

/* A page as a person would describe it. */
struct page {
	enum { nothing, object, filled, filled_outside, backed } kind = object;
	uint32_t size = 100;
	uint32_t prio = 0;
	uint32_t tried = 0;
	bool idle = false;
	bool huge = false;
	bool claimed = false;

	zsm_word slot() const
	{
		uint64_t flags = zram_slot_prios(prio, tried);

		if (idle)
			flags |= ZRAM_SLOT_IDLE;
		if (huge)
			flags |= ZRAM_SLOT_HUGE;
		if (claimed)
			flags |= ZRAM_SLOT_CLAIMED;
		switch (kind) {
		case nothing:
			return {0};
		case filled:
			return zram_slot_fill({7}) | (flags & ZRAM_SLOT_IDLE);
		case filled_outside:
			return zram_slot_fill_outside({size});
		case backed:
			return zram_slot_away({12345}, size, flags);
		case object:
			break;
		}
		return zram_slot_object({12345}, size, flags);
	}
};

/* What is asked for, as the knobs say it. */
struct question {
	bool idle = false;
	bool huge = false;
	uint32_t min_size = 0;
	std::vector<uint32_t> prios{};
	std::optional<uint32_t> hopeless{};
	uint64_t pages = ZRAM_ALL_PAGES;
	bool largest_first = false;

	zram_filter filter() const
	{
		zram_filter f{};

		f.wanted = (idle ? ZRAM_SLOT_IDLE : 0) |
			   (huge ? ZRAM_SLOT_HUGE : 0);
		f.min_size = min_size;
		for (const uint32_t prio : prios)
			f.prios |= 1u << prio;
		f.hopeless = hopeless.value_or(0);
		return f;
	}

	bool takes(const page &p) const
	{
		if (p.kind != page::object || p.claimed || p.size < min_size)
			return false;
		if ((idle && !p.idle) || (huge && !p.huge))
			return false;
		if (hopeless && (p.tried != *hopeless || p.prio))
			return false;
		return prios.empty() ||
		       std::any_of(
			       prios.begin(), prios.end(),
			       [&](uint32_t prio) { return prio > p.tried; });
	}

	/* Which eighth of a page the size is in. */
	uint32_t eighth(const page &p) const
	{
		uint32_t band = 0;

		while (largest_first && (band + 1) * ZSM_PAGE_SIZE / 8 < p.size)
			band++;
		return band;
	}
};

/* The pages that a question is about, in the order in which they should be
 * taken. */
std::vector<size_t> expected(const question &q, const std::vector<page> &pages)
{
	std::vector<size_t> order;

	for (size_t i = 0; i < pages.size(); i++) {
		if (q.takes(pages[i]))
			order.push_back(i);
	}
	std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
		return q.eighth(pages[a]) > q.eighth(pages[b]);
	});
	if (order.size() > q.pages)
		order.resize(q.pages);
	return order;
}

/* The same by the plan, as the loop of a pass goes about it. */
std::vector<size_t> taken(const question &q, const std::vector<page> &pages)
{
	const zram_filter filter = q.filter();
	std::vector<size_t> order;
	zram_plan plan;

	zram_plan_begin(&plan, &filter, q.pages, q.largest_first);
	do {
		for (size_t i = 0; i < pages.size() && plan.left; i++) {
			if (!zram_plan_takes(&plan, pages[i].slot()))
				continue;
			zram_plan_took(&plan);
			order.push_back(i);
		}
	} while (zram_plan_next_band(&plan));
	return order;
}

bool takes(const question &q, const page &p)
{
	return taken(q, {p}).size() == 1;
}

TEST(pass, only_objects_that_nobody_has_claimed_are_taken)
{
	const question all;

	EXPECT_TRUE(takes(all, {}));
	EXPECT_FALSE(takes(all, {.kind = page::nothing}));
	EXPECT_FALSE(takes(all, {.kind = page::filled}));
	EXPECT_FALSE(takes(all, {.kind = page::filled_outside}));
	EXPECT_FALSE(takes(all, {.kind = page::backed}));
	EXPECT_FALSE(takes(all, {.claimed = true}));
}

TEST(pass, a_page_must_have_every_flag_that_is_wanted)
{
	const question both{.idle = true, .huge = true};

	EXPECT_FALSE(takes(both, {}));
	EXPECT_FALSE(takes(both, {.idle = true}));
	EXPECT_FALSE(takes(both, {.size = ZSM_PAGE_SIZE, .huge = true}));
	EXPECT_TRUE(takes(both,
			  {.size = ZSM_PAGE_SIZE, .idle = true, .huge = true}));
}

TEST(pass, the_threshold_itself_is_enough)
{
	for (uint32_t size = 1; size <= ZSM_PAGE_SIZE; size++) {
		ASSERT_TRUE(takes({.min_size = size}, {.size = size}));
		ASSERT_FALSE(takes({.min_size = size + 1}, {.size = size}));
	}
}

TEST(pass, the_next_priority_is_the_lowest_above_the_tried_one)
{
	for (uint32_t prios = 0; prios <= all_prios; prios += 2) {
		for (uint32_t tried = 0; tried < ZRAM_NR_PRIOS; tried++) {
			uint32_t want = ZRAM_NR_PRIOS;

			for (uint32_t prio = ZRAM_NR_PRIOS; --prio > tried;) {
				if (prios & 1u << prio)
					want = prio;
			}
			ASSERT_EQ(zram_next_prio(prios, tried), want);
		}
	}
}

TEST(pass, a_page_is_hopeless_when_all_were_tried_and_the_primary_is_left)
{
	const question none{.hopeless = 2};

	EXPECT_FALSE(takes(none, {.tried = 0}));
	EXPECT_FALSE(takes(none, {.tried = 1}));
	EXPECT_TRUE(takes(none, {.tried = 2}));
	EXPECT_FALSE(takes(none, {.prio = 2, .tried = 2}));
	for (uint32_t tried = 0; tried < ZRAM_NR_PRIOS; tried++)
		EXPECT_FALSE(
			takes({.hopeless = ZRAM_NR_PRIOS}, {.tried = tried}));
	/* Without secondary algorithms nothing was tried. */
	EXPECT_FALSE(zram_slot_hopeless(page{}.slot(), 0));
}

TEST(pass, every_size_has_its_turn_once)
{
	std::vector<page> pages(ZSM_PAGE_SIZE);

	for (uint32_t i = 0; i < ZSM_PAGE_SIZE; i++)
		pages[i].size = i + 1;
	const question q{.largest_first = true};
	const std::vector<size_t> order = taken(q, pages);

	ASSERT_EQ(order.size(), pages.size());
	ASSERT_EQ(order, expected(q, pages));
	/* No page comes after one that is smaller by an eighth of a page. */
	for (size_t i = 1; i < order.size(); i++)
		ASSERT_LT(order[i], order[i - 1] + ZSM_PAGE_SIZE / 8);
}

TEST(pass, of_no_pages_none_is_taken)
{
	EXPECT_FALSE(takes({.pages = 0}, {}));
	EXPECT_FALSE(takes({.pages = 0, .largest_first = true}, {}));
}

page random_page(std::mt19937 &random)
{
	page p;

	if (random() % 3 == 0)
		p.kind = static_cast<decltype(p.kind)>(random() % 5);
	p.size = 1 + random() % ZSM_PAGE_SIZE;
	p.tried = random() % ZRAM_NR_PRIOS;
	p.prio = random() % 2 ? p.tried : 0;
	p.idle = random() % 2;
	p.huge = random() % 4 == 0;
	p.claimed = random() % 8 == 0;
	return p;
}

question random_question(std::mt19937 &random)
{
	question q;

	q.idle = random() % 2;
	q.huge = random() % 4 == 0;
	if (random() % 2)
		q.min_size = random() % ZSM_PAGE_SIZE;
	for (uint32_t prio = 1; prio < ZRAM_NR_PRIOS; prio++) {
		if (random() % 4 == 0)
			q.prios.push_back(prio);
	}
	if (random() % 8 == 0)
		q.hopeless = 1 + random() % (ZRAM_NR_PRIOS - 1);
	if (random() % 2)
		q.pages = random() % 40;
	q.largest_first = random() % 2;
	return q;
}

TEST(pass, takes_what_the_model_takes)
{
	std::mt19937 random{11};

	for (int round = 0; round < 3000; round++) {
		std::vector<page> pages;
		const question q = random_question(random);

		for (int i = 0; i < 100; i++)
			pages.push_back(random_page(random));
		ASSERT_EQ(taken(q, pages), expected(q, pages)) << round;
	}
}

} /* namespace */
} /* namespace pass_model */
