// SPDX-License-Identifier: GPL-2.0 OR MIT
/* One zspage: where its objects lie, and taking and giving them back. */
#include "core/tests/zsm/model.hh"
#include "core/zsm/zspage.hh"

#include <algorithm>
#include <numeric>

namespace {

using model::nr_classes;
using model::row;
using zsm::obj_idx;
using zsm::page_idx;

/* First and last of what was seen of each thing. */
struct seen {
	uint32_t first = UINT32_MAX;
	uint32_t last = 0;

	void see(uint32_t i)
	{
		first = std::min(first, i);
		last = std::max(last, i);
	}
};

struct byte_walk {
	std::vector<seen> pages; /* of each object */
	std::vector<seen> objs;  /* of each page */
};

/* Looks at every byte that belongs to an object. */
byte_walk walk_bytes(const zsm_class_row &r)
{
	byte_walk w{std::vector<seen>(r.nr_objs),
		    std::vector<seen>(r.nr_pages)};
	uint32_t page = 0, in_page = 0;

	for (uint32_t obj = 0; obj < r.nr_objs; obj++) {
		for (uint32_t i = 0; i < r.size; i++) {
			w.pages[obj].see(page);
			w.objs[page].see(obj);
			if (++in_page == ZSM_PAGE_SIZE) {
				in_page = 0;
				page++;
			}
		}
	}
	return w;
}

void check_layout(const zsm_class_row &r)
{
	const zsm::layout layout{r};
	const byte_walk w = walk_bytes(r);

	for (uint32_t obj = 0; obj < r.nr_objs; obj++) {
		const auto pages = layout.pages_of(obj_idx{obj});

		ASSERT_EQ(raw(pages.first), w.pages[obj].first) << obj;
		ASSERT_EQ(raw(pages.last), w.pages[obj].last) << obj;
		ASSERT_LE(pages.count(), ZSM_RESERVE_PAGES) << obj;
	}
	for (uint32_t page = 0; page < r.nr_pages; page++) {
		const auto objs = layout.objs_of(page_idx{page});

		ASSERT_EQ(raw(objs.first), w.objs[page].first) << page;
		ASSERT_EQ(raw(objs.last), w.objs[page].last) << page;
	}
}

TEST(layout, pages_and_objects_are_where_the_bytes_are)
{
	for (uint32_t c = 0; c < nr_classes(); c++) {
		SCOPED_TRACE(testing::Message() << "size " << row(c).size);
		ASSERT_NO_FATAL_FAILURE(check_layout(row(c)));
	}
}

template <typename T>
bool holds(zsm::span_of<T> span, uint32_t i)
{
	return raw(span.first) <= i && i <= raw(span.last);
}

TEST(layout, pages_of_and_objs_of_are_inverse)
{
	for (uint32_t c = 0; c < nr_classes(); c++) {
		const zsm::layout layout{row(c)};

		for (uint32_t obj = 0; obj < row(c).nr_objs; obj++) {
			const auto pages = layout.pages_of(obj_idx{obj});

			for (uint32_t page = 0; page < row(c).nr_pages;
			     page++) {
				const auto objs =
					layout.objs_of(page_idx{page});

				ASSERT_EQ(holds(pages, page), holds(objs, obj))
					<< "size " << row(c).size << ", object "
					<< obj << ", page " << page;
			}
		}
	}
}

/* A zspage of the core and its model, driven in step. */
class pair_of {
public:
	pair_of(uint32_t class_idx, uint64_t seed)
		: rng_(seed),
		  state_(model::make_descriptor(class_idx, 7)),
		  zspage_(*state_),
		  model_(class_idx)
	{
		zspage_.init();
	}

	/*
	 * Brings what it needs and not a page more, or a full reserve. More
	 * than one it never needs: the first free object starts where a used
	 * one ends, on a page that is there, or at the start of a page.
	 */
	void take()
	{
		const uint32_t bring = rng_.percent(50) ? model_.cheapest()
							: ZSM_RESERVE_PAGES;
		const zsm_reserve before = pfns_.reserve(bring);
		const auto owner = static_cast<uint32_t>(rng_.next());
		const uint32_t obj = raw(zspage_.pick());
		zsm_reserve after = before;

		ASSERT_LE(model_.cheapest(), 1u);
		zspage_.take(obj_idx{obj}, after, owner);
		ASSERT_NO_FATAL_FAILURE(
			model_.take(*state_, obj, owner, before, after));
		for (uint32_t i = 0; i < after.nr; i++)
			pfns_.give_back(after.pfn[i]);
		ASSERT_NO_FATAL_FAILURE(check());
	}

	void give(uint32_t obj)
	{
		zsm_released out{};

		zspage_.give(obj_idx{obj}, out);
		ASSERT_NO_FATAL_FAILURE(model_.give(obj, out, pfns_));
		ASSERT_NO_FATAL_FAILURE(check());
	}

	void give_random() { give(model_.random_used(rng_)); }
	void fill();
	void step(uint32_t chance_to_take);
	void check();

	model::rng &rng() { return rng_; }
	const model::zspage &model() const { return model_; }
	const model::pfn_source &pfns() const { return pfns_; }
	const zsm_zspage &state() const { return *state_; }
	const zsm::zspage &zspage() const { return zspage_; }

private:
	model::rng rng_;
	model::descriptor state_;
	zsm::zspage zspage_;
	model::zspage model_;
	model::pfn_source pfns_;
};

void pair_of::check()
{
	ASSERT_NO_FATAL_FAILURE(model_.check(*state_));
	ASSERT_EQ(pfns_.nr_out(), model_.nr_pages());
	ASSERT_EQ(zspage_.list(), model_.list());
	ASSERT_EQ(zspage_.empty(), model_.nr_used() == 0);
	ASSERT_EQ(zspage_.nr_ready(), model_.nr_ready());
}

void pair_of::fill()
{
	while (!model_.full())
		ASSERT_NO_FATAL_FAILURE(take());
}

/* Takes or gives, whatever can be done if only one can. */
void pair_of::step(uint32_t chance_to_take)
{
	const bool wish = rng_.percent(chance_to_take);

	if (model_.nr_used() == 0 || (wish && !model_.full()))
		take();
	else
		give_random();
}

template <typename F>
void for_each_class(F &&test)
{
	for (uint32_t c = 0; c < nr_classes(); c++) {
		const uint64_t seed = 1000 + c;

		SCOPED_TRACE(testing::Message()
			     << "size " << row(c).size << ", seed " << seed);
		pair_of p{c, seed};

		ASSERT_NO_FATAL_FAILURE(test(p));
	}
}

TEST(zspage, init_leaves_nothing_of_what_was_there)
{
	for_each_class([](pair_of &p) {
		const zsm_zspage &z = p.state();

		ASSERT_NO_FATAL_FAILURE(p.check());
		EXPECT_EQ(z.id, 7u);
		EXPECT_EQ(z.next, nullptr);
		EXPECT_EQ(z.prev, nullptr);
		EXPECT_EQ(z.list, ZSM_NO_LIST);
	});
}

/*
 * Phases that tend to fill and phases that tend to drain, so that a zspage is
 * seen at every fullness, with holes that were made in every way.
 */
TEST(zspage, taking_and_giving_at_random_agrees_with_the_model)
{
	constexpr uint32_t nr_ops = 3000;

	for_each_class([](pair_of &p) {
		uint32_t chance = 50;

		for (uint32_t op = 0; op < nr_ops; op++) {
			if (op % 150 == 0)
				chance = 10 + p.rng().below(90);
			ASSERT_NO_FATAL_FAILURE(p.step(chance));
		}
	});
}

TEST(zspage, a_full_one_has_all_its_pages_and_is_in_no_list)
{
	for_each_class([](pair_of &p) {
		ASSERT_NO_FATAL_FAILURE(p.fill());
		EXPECT_EQ(p.pfns().nr_out(), row(p.state().class_idx).nr_pages);
		EXPECT_EQ(p.zspage().list(), ZSM_NO_LIST);
		EXPECT_EQ(p.state().nr_unready, 0u);
	});
}

std::vector<uint32_t> upwards(uint32_t nr)
{
	std::vector<uint32_t> order(nr);

	std::iota(order.begin(), order.end(), 0u);
	return order;
}

std::vector<uint32_t> shuffled(uint32_t nr, model::rng &r)
{
	std::vector<uint32_t> order = upwards(nr);

	for (uint32_t i = nr; i > 1; i--)
		std::swap(order[i - 1], order[r.below(i)]);
	return order;
}

void fill_and_drain(pair_of &p, const std::vector<uint32_t> &order)
{
	ASSERT_NO_FATAL_FAILURE(p.fill());
	for (const uint32_t obj : order)
		ASSERT_NO_FATAL_FAILURE(p.give(obj));
	ASSERT_EQ(p.pfns().nr_out(), 0u);
}

TEST(zspage, draining_in_any_order_releases_every_page)
{
	for_each_class([](pair_of &p) {
		const uint32_t nr = p.model().nr_objs();
		std::vector<uint32_t> order = upwards(nr);

		ASSERT_NO_FATAL_FAILURE(fill_and_drain(p, order));
		std::reverse(order.begin(), order.end());
		ASSERT_NO_FATAL_FAILURE(fill_and_drain(p, order));
		ASSERT_NO_FATAL_FAILURE(
			fill_and_drain(p, shuffled(nr, p.rng())));
	});
}

/* Each object has a turn as the only one free and as the only one used. */
TEST(zspage, the_only_free_object_is_found)
{
	for_each_class([](pair_of &p) {
		ASSERT_NO_FATAL_FAILURE(p.fill());
		for (uint32_t obj = 0; obj < p.model().nr_objs(); obj++) {
			ASSERT_NO_FATAL_FAILURE(p.give(obj));
			ASSERT_NO_FATAL_FAILURE(p.take());
			ASSERT_TRUE(p.model().full());
		}
	});
}

TEST(zspage, is_used_knows_its_bounds)
{
	for_each_class([](pair_of &p) {
		const uint32_t nr = p.model().nr_objs();

		ASSERT_NO_FATAL_FAILURE(p.fill());
		EXPECT_TRUE(p.zspage().is_used(obj_idx{nr - 1}));
		for (uint32_t obj : {nr, ZSM_MAX_OBJS, UINT32_MAX})
			EXPECT_FALSE(p.zspage().is_used(obj_idx{obj}));
	});
}

/* What moving a page asks for: the objects on it, and where its number stands.
 */
void check_as_seen_by_c(uint32_t class_idx, model::rng &r)
{
	const std::vector<uint32_t> pages_of =
		model::pages_of_objs(row(class_idx));
	const model::descriptor z = model::make_descriptor(class_idx, 0);

	for (uint32_t word = 0; word < row(class_idx).nr_words; word++)
		z->tail[word] = static_cast<uint32_t>(r.next());
	for (uint32_t page = 0; page < row(class_idx).nr_pages; page++) {
		const zsm_page_objs objs = zsm_core_objs_on(z.get(), page);

		model::set_pfn(*z, page, 1000 + page);
		ASSERT_EQ(*zsm_page_number(z.get(), page), 1000 + page);
		for (uint32_t obj = 0; obj < pages_of.size(); obj++)
			ASSERT_EQ(obj >= objs.first && obj <= objs.last,
				  (pages_of[obj] >> page & 1) != 0);
	}
	for (uint32_t obj = 0; obj < pages_of.size(); obj++) {
		ASSERT_EQ(zsm_is_used(z.get(), obj) != 0,
			  model::used_bit(*z, obj));
		ASSERT_EQ(1u << zsm_page_of(z.get(), obj),
			  pages_of[obj] & -pages_of[obj]);
	}
}

TEST(zspage, c_sees_objects_and_pages_where_the_bytes_are)
{
	model::rng r(77);

	for (uint32_t c = 0; c < nr_classes(); c++) {
		SCOPED_TRACE(testing::Message() << "size " << row(c).size);
		ASSERT_NO_FATAL_FAILURE(check_as_seen_by_c(c, r));
	}
}

} /* namespace */
