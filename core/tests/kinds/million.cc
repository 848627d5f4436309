// SPDX-License-Identifier: GPL-2.0 OR MIT
/* A million pages of pairs and of triples are reclaimed while objects come and
 * go. Without the model, for the sake of speed. */
#include "core/kinds/buddies.h"
#include "core/tests/zsm/model.hh"

#include <vector>

namespace {

constexpr uint32_t nr_objects = 500;
/* The core's decisions are the same for all sizes of pages. */
constexpr uint32_t nr_tries = ZSM_PAGE_SHIFT == 12 ? 1'000'000 : 50'000;

/* A pool whose objects are mostly there. */
class crowd {
public:
	explicit crowd(uint32_t per_page) : pages_(nr_objects)
	{
		s_.per_page = per_page;
		s_.slides = true;
		for (zsm_buddy_page &page : pages_)
			unused_.push_back(&page);
		for (uint32_t i = 0; i < nr_objects; i++)
			gone_.push_back(i);
	}

	/* Allocates what is not there, of any size up to a page's. */
	void bring_back()
	{
		for (; !gone_.empty(); gone_.pop_back())
			alloc(gone_.back(), size());
	}

	void drop_one()
	{
		const uint32_t i = rng_.below(nr_objects);

		if (!objects_[i].page)
			return;
		if (zsm_core_buddies_free(&s_, objects_[i].page,
					  objects_[i].which) ==
		    ZSM_BUDDY_FREED_PAGE)
			unused_.push_back(objects_[i].page);
		forget(i);
	}

	/* Reclaims the oldest page: the objects that were evicted, or 0 if it
	 * was not freed. */
	uint32_t reclaim()
	{
		zsm_buddy_page *page = zsm_core_buddies_hold(&s_);
		uint32_t evicted = 0;

		if (!page)
			return 0;
		for (uint32_t which = 0; which < ZSM_MAX_BUDDIES; which++) {
			if (!zsm_buddy_is_used(page, which))
				continue;
			zsm_core_buddies_free(&s_, page, which);
			forget(page->owners[which]);
			evicted++;
		}
		if (zsm_core_buddies_release(&s_, page) != ZSM_BUDDY_FREED_PAGE)
			return 0;
		unused_.push_back(page);
		return evicted;
	}

	uint64_t nr_pages() const { return s_.nr_pages; }

	/* As many pages are free as the pool says that it has not. */
	bool adds_up() const
	{
		return s_.nr_pages + unused_.size() == pages_.size() &&
		       s_.nr_used + gone_.size() == nr_objects;
	}

private:
	struct object {
		zsm_buddy_page *page = nullptr;
		uint32_t which = 0;
	};

	uint32_t size()
	{
		return 1 + rng_.below(rng_.below(10) ? ZSM_PAGE_GRANULES * 2 / 3
						     : ZSM_PAGE_GRANULES);
	}

	void alloc(uint32_t i, uint32_t granules)
	{
		zsm_placing p{};

		if (zsm_core_buddies_pick(&s_, granules, nullptr, &p)) {
			zsm_core_buddies_place(&s_, &p, i);
		} else {
			p.page = unused_.back();
			unused_.pop_back();
			p.which =
				zsm_core_buddies_add(&s_, p.page, granules, i);
		}
		objects_[i] = {p.page, p.which};
	}

	void forget(uint32_t i)
	{
		objects_[i] = {};
		gone_.push_back(i);
	}

	model::rng rng_{11};
	zsm_buddies s_{};
	std::vector<zsm_buddy_page> pages_;
	std::vector<zsm_buddy_page *> unused_;
	std::vector<uint32_t> gone_;
	object objects_[nr_objects];
};

void reclaim_a_million(uint32_t per_page)
{
	crowd c{per_page};

	for (uint32_t n = 0; n < nr_tries; n++) {
		c.bring_back();
		c.drop_one();

		const uint64_t pages = c.nr_pages();
		const uint32_t evicted = c.reclaim();

		ASSERT_GE(evicted, 1u) << "try " << n;
		ASSERT_LE(evicted, per_page) << "try " << n;
		ASSERT_EQ(c.nr_pages(), pages - 1) << "try " << n;
	}
	EXPECT_TRUE(c.adds_up());
}

TEST(buddies, a_million_pages_of_pairs_cost_two_evictions_each)
{
	reclaim_a_million(2);
}

TEST(buddies, a_million_pages_of_triples_cost_three_evictions_each)
{
	reclaim_a_million(3);
}

} /* namespace */
