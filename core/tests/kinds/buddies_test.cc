// SPDX-License-Identifier: GPL-2.0 OR MIT
/* Pools of pairs and of triples: every size with every other, and beside the
 * model. */
#include "core/tests/kinds/buddies.hh"

#include <algorithm>

namespace {

using model::buddies;
using model::buddy;

constexpr uint32_t granules = ZSM_PAGE_GRANULES;

template <typename F>
void for_each_kind(F &&test)
{
	for (uint32_t per_page : {2, 3}) {
		for (bool slides : {false, true}) {
			SCOPED_TRACE(testing::Message()
				     << per_page << " a page"
				     << (slides ? ", sliding" : ""));
			ASSERT_NO_FATAL_FAILURE(test(per_page, slides));
		}
	}
}

TEST(buddies, what_happens_at_random_agrees_with_the_model)
{
	for_each_kind([](uint32_t per_page, bool slides) {
		for (uint32_t aim : {1, 4, 20, 100}) {
			buddies b{per_page, slides, 7000 + aim};

			ASSERT_NO_FATAL_FAILURE(model::wander(b, 4000, aim));
			ASSERT_NO_FATAL_FAILURE(model::drain(b));
		}
	});
}

/*
 * Without the model, for the sake of speed: pools of one page whose objects
 * have given sizes.
 */
class bare {
public:
	bare(uint32_t per_page, bool slides)
	{
		s_.per_page = per_page;
		s_.slides = slides;
		page_.id = 5;
	}

	/* Says whether it found room on the page, which is added if there is
	 * none. */
	bool put(uint32_t size)
	{
		zsm_placing p{};

		if (!s_.nr_pages) {
			zsm_core_buddies_add(&s_, &page_, size, size);
			return true;
		}
		if (!zsm_core_buddies_pick(&s_, size, nullptr, &p))
			return false;
		zsm_core_buddies_place(&s_, &p, size);
		return true;
	}

	int free(uint32_t which)
	{
		return zsm_core_buddies_free(&s_, &page_, which);
	}

	/* No object has a granule of another's, and each has as many as it
	 * wants. */
	bool is_sound() const
	{
		uint32_t sum = 0;

		for (uint32_t i = 0; i < ZSM_MAX_BUDDIES; i++) {
			if (!zsm_buddy_is_used(&page_, i))
				continue;

			const uint32_t size =
				zsm_buddy_size(&page_, i) / ZSM_GRANULE;

			sum += size;
			if (size != page_.owners[i])
				return false;
			for (uint32_t j = 0; j < i; j++) {
				if (zsm_buddy_is_used(&page_, j) &&
				    page_.first[i] <= page_.last[j] &&
				    page_.first[j] <= page_.last[i])
					return false;
			}
		}
		return sum == s_.nr_granules && sum <= granules;
	}

	zsm_buddy_page &page() { return page_; }
	zsm_buddies &state() { return s_; }

private:
	zsm_buddies s_{};
	zsm_buddy_page page_{};
};

/* Two share a page if they fit, whatever their sizes; and so again after a
 * free. */
TEST(buddies, all_pairs_of_sizes)
{
	bare p{2, false};

	for (uint32_t a = 1; a <= granules; a++) {
		for (uint32_t b = 1; b <= granules; b++) {
			for (uint32_t first : {0, 1}) {
				ASSERT_TRUE(p.put(a));
				ASSERT_EQ(p.put(b), a + b <= granules);
				ASSERT_TRUE(p.is_sound()) << a << ' ' << b;
				if (a + b > granules) {
					ASSERT_EQ(p.free(0),
						  ZSM_BUDDY_FREED_PAGE);
					break;
				}
				/* One that is as long comes back to where one
				 * went. */
				ASSERT_EQ(p.free(first), ZSM_BUDDY_FREED);
				ASSERT_EQ(p.free(first),
					  ZSM_BUDDY_NOT_ALLOCATED);
				ASSERT_TRUE(p.put(first ? b : a));
				ASSERT_TRUE(p.is_sound()) << a << ' ' << b;
				ASSERT_FALSE(p.put(1));
				ASSERT_EQ(p.free(0), ZSM_BUDDY_FREED);
				ASSERT_EQ(p.free(1), ZSM_BUDDY_FREED_PAGE);
			}
		}
	}
}

/*
 * Three share a page if they fit: of a third, all that is left of the page and
 * no more. After any of them has gone, all the room that is left can be had
 * where one may slide, and at least its own where none may. Leaves the page
 * empty.
 */
void try_triple(bare &p, uint32_t a, uint32_t b, uint32_t c)
{
	const uint32_t sizes[] = {a, b, c};
	const uint32_t left = granules - a - b - c;

	for (uint32_t gone = 0; gone < 3; gone++) {
		ASSERT_TRUE(p.put(a));
		ASSERT_TRUE(p.put(b));
		ASSERT_EQ(p.page().room, left + c);
		ASSERT_TRUE(p.put(c));
		ASSERT_TRUE(p.is_sound());
		ASSERT_EQ(p.page().room, 0u);
		ASSERT_EQ(p.free(gone), ZSM_BUDDY_FREED);

		const uint32_t room = p.page().room;

		if (p.state().slides) {
			ASSERT_EQ(room, left + sizes[gone]);
		} else {
			ASSERT_GE(room, sizes[gone]);
		}
		ASSERT_TRUE(p.put(room));
		ASSERT_TRUE(p.is_sound());
		p.free(0);
		p.free(1);
		ASSERT_EQ(p.free(2), ZSM_BUDDY_FREED_PAGE);
	}
}

/* All of them once; every fifth size where that would be the same again, or
 * nearly. */
TEST(buddies, all_triples_of_sizes)
{
	for (bool slides : {false, true}) {
		const uint32_t step = ZSM_PAGE_SHIFT == 12 && slides ? 1 : 5;
		bare p{3, slides};

		for (uint32_t a = 1; a < granules; a += step) {
			for (uint32_t b = 1; a + b < granules; b += step) {
				for (uint32_t c = 1; a + b + c <= granules;
				     c += step) {
					try_triple(p, a, b, c);
					if (HasFatalFailure())
						FAIL() << a << ' ' << b << ' '
						       << c;
				}
			}
		}
	}
}

/* One object alone, off both edges, slides to make room for what is left. */
TEST(buddies, one_in_the_middle_slides)
{
	for (uint32_t size = 1; size < granules - 2; size++) {
		bare p{3, true};

		ASSERT_TRUE(p.put(1));
		ASSERT_TRUE(p.put(1));
		ASSERT_TRUE(p.put(size));
		p.free(0);
		p.free(1);
		ASSERT_NE(p.page().first[2], 0u);
		ASSERT_EQ(p.page().room, granules - size);
		ASSERT_TRUE(p.put(granules - size));
		ASSERT_TRUE(p.is_sound());
	}
}

TEST(buddies, an_object_of_a_page_is_alone)
{
	for_each_kind([](uint32_t per_page, bool slides) {
		buddies b{per_page, slides, 1};
		const buddy o = b.alloc(granules);

		EXPECT_EQ(b.page(o.id).room, 0u);
		EXPECT_NE(b.alloc(1).id, o.id);
		b.check();
		model::drain(b);
	});
}

/* What is not there is not freed: no index, used or not, past the objects
 * either. */
TEST(buddies, freeing_what_is_not_allocated_changes_nothing)
{
	for_each_kind([](uint32_t per_page, bool slides) {
		bare p{per_page, slides};

		ASSERT_TRUE(p.put(10));
		for (uint32_t which : {1, 2, 3, 4, 31, 32}) {
			EXPECT_EQ(p.free(which), ZSM_BUDDY_NOT_ALLOCATED);
			EXPECT_TRUE(p.is_sound());
		}
		EXPECT_EQ(p.free(0), ZSM_BUDDY_FREED_PAGE);
	});
}

TEST(buddies, an_object_grows_into_what_is_free_behind_it)
{
	for_each_kind([](uint32_t per_page, bool slides) {
		buddies b{per_page, slides, 1};
		const buddy low = b.alloc(10);
		const buddy high = b.alloc(20);

		ASSERT_EQ(low.id, high.id);
		EXPECT_TRUE(b.resize(low, 236));
		EXPECT_FALSE(b.resize(low, 237));
		EXPECT_FALSE(b.resize(high, 21));
		EXPECT_TRUE(b.resize(high, 5));
		EXPECT_TRUE(b.resize(high, 20));
		b.check();
		model::drain(b);
	});
}

/* However many frees race with it, a page that is held stays until it is
 * released. */
TEST(buddies, a_held_page_outlives_its_objects)
{
	for_each_kind([](uint32_t per_page, bool slides) {
		buddies b{per_page, slides, 1};
		const buddy old = b.alloc(100);
		const buddy young = b.alloc(200);

		ASSERT_NE(old.id, young.id);
		ASSERT_EQ(b.hold(), old.id);
		EXPECT_NE(b.alloc(10).id, old.id);
		b.free(old);
		ASSERT_EQ(b.nr_pages(), 2u);
		b.check();
		b.release(old.id);
		ASSERT_EQ(b.nr_pages(), 1u);
		ASSERT_EQ(b.hold(), young.id);
		ASSERT_EQ(b.hold(), std::nullopt);
		b.release(young.id);
		b.check();
		model::drain(b);
	});
}

/* The price of a page: never more evictions than objects a page, each time a
 * page. */
TEST(buddies, reclaim_costs_two_or_three_evictions)
{
	for_each_kind([](uint32_t per_page, bool slides) {
		buddies b{per_page, slides, 42};

		for (uint32_t i = 0; i < 2000; i++)
			b.alloc(b.random().below(150) + 1);
		while (const auto id = b.hold()) {
			const size_t pages = b.nr_pages();

			ASSERT_LE(b.on(*id).size(), per_page);
			for (const buddy o : b.on(*id))
				b.free(o);
			b.release(*id);
			ASSERT_EQ(b.nr_pages(), pages - 1);
		}
		ASSERT_EQ(b.nr_used(), 0u);
	});
}

/* The same while objects come and go; million.cc does it longer. */
TEST(buddies, reclaim_costs_the_same_under_load)
{
	for (uint32_t per_page = 2; per_page <= 3; per_page++) {
		buddies b{per_page, true, 7};

		for (uint32_t n = 0; n < 10'000; n++) {
			while (b.nr_used() < 300)
				b.alloc(b.random().below(150) + 1);
			b.free(b.random_buddy());

			const std::optional<uint32_t> id = b.hold();
			const size_t pages = b.nr_pages();

			ASSERT_TRUE(id);
			ASSERT_LE(b.on(*id).size(), per_page);
			for (const buddy o : b.on(*id))
				b.free(o);
			b.release(*id);
			ASSERT_EQ(b.nr_pages(), pages - 1);
		}
		model::drain(b);
	}
}

/* Sizes as lz4 makes them of pages: mean 1,720 of 4,096 bytes, here 107
 * granules. */
uint32_t like_lz4(model::rng &r)
{
	return 30 + r.below(78) + r.below(78);
}

TEST(buddies, triples_stay_dense_under_churn)
{
	buddies b{3, true, 99};

	for (uint32_t i = 0; i < 1500; i++)
		b.alloc(like_lz4(b.random()));
	for (uint32_t i = 0; i < 4500; i++) {
		b.free(b.random_buddy());
		b.alloc(like_lz4(b.random()));
	}

	const uint64_t fewest =
		std::max((b.nr_used() + 2) / 3, (b.nr_granules() + 255) / 256);

	EXPECT_LE(b.nr_pages(), fewest * 105 / 100);
	EXPECT_GE(b.nr_used() * 10, b.nr_pages() * 23);
	b.check();
}

/* Three in four go: what is left is moved together, to what that says it gains.
 */
TEST(buddies, compaction_empties_pages)
{
	for_each_kind([](uint32_t per_page, bool slides) {
		buddies b{per_page, slides, 5};
		uint64_t gain, pages;

		for (uint32_t i = 0; i < 800; i++)
			b.alloc(b.random().below(80) + 1);
		for (uint32_t i = 0; i < 600; i++)
			b.free(b.random_buddy());
		pages = b.nr_pages();
		gain = zsm_core_buddies_gain(&b.state());
		ASSERT_GT(gain, pages / 4);
		while (b.compact())
			;
		b.check();
		EXPECT_GE(pages - b.nr_pages(), gain * 9 / 10);
		model::drain(b);
	});
}

/* Pages of which nothing can go, or whose owner keeps it, do not hold up the
 * others; nor do many that would have the room only if an object slid. */
TEST(buddies, compaction_goes_on_where_a_page_stays)
{
	for (const uint32_t kept : {0u, 100u}) {
		buddies b{3, true, 7};

		for (uint32_t i = 0; i < 16000; i++)
			b.alloc(like_lz4(b.random()));
		for (uint32_t i = 0; i < 12000; i++)
			b.free(b.random_buddy());
		while (b.compact(kept))
			;
		b.check();

		const uint64_t fewest = std::max((b.nr_used() + 2) / 3,
						 (b.nr_granules() + 255) / 256);

		EXPECT_LE(b.nr_pages(), fewest * 110 / 100);
		model::drain(b);
	}
}

TEST(buddies, locations_tell_kinds_and_pools_apart)
{
	const uint64_t pairs = zsm_buddy_loc_base(2, 1);
	const uint64_t triples = zsm_buddy_loc_base(3, 1);
	const uint64_t other = zsm_buddy_loc_base(2, 2);
	const uint32_t last = (1u << ZSM_ID_BITS) - 1;

	for (uint32_t id : {0u, 1u, 77u, last}) {
		for (uint32_t which = 0; which < 3; which++) {
			const zsm_loc loc =
				zsm_buddy_loc_pack(pairs, id, which);

			EXPECT_EQ(loc.value >> ZSM_LOC_BITS, 0u);
			EXPECT_EQ(zsm_buddy_loc_id(loc), id);
			EXPECT_EQ(zsm_buddy_loc_which(loc), which);
			EXPECT_TRUE(zsm_buddy_loc_is_of(loc, pairs));
			EXPECT_FALSE(zsm_buddy_loc_is_of(loc, triples));
			EXPECT_FALSE(zsm_buddy_loc_is_of(loc, other));
		}
	}
	/* A location in size classes is no pair's. */
	EXPECT_FALSE(zsm_buddy_loc_is_of(zsm_loc_pack(1000, 3), pairs));
}

TEST(buddies, sizes_are_rounded_up_to_granules)
{
	for (uint32_t size = 1; size <= ZSM_PAGE_SIZE; size++) {
		ASSERT_GE(zsm_granules(size) * ZSM_GRANULE, size);
		ASSERT_LT(zsm_granules(size) * ZSM_GRANULE, size + ZSM_GRANULE);
	}
}

} /* namespace */
