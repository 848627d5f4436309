// SPDX-License-Identifier: GPL-2.0 OR MIT
/* From ids to zspages: giving ids out, growing, and taking it apart. */
#include "core/tests/zsm/model.hh"

#include <set>

namespace {

constexpr uint32_t leaf_ids = ZSM_TABLE_ENTRIES;
constexpr uint32_t mid_ids = ZSM_TABLE_ENTRIES * ZSM_TABLE_ENTRIES;
constexpr uint32_t max_ids = 1u << ZSM_ID_BITS;

/*
 * A table and the pages that are its own. They are handed over exactly as long
 * as a page is, and freed as soon as they come back, so that the sanitizer sees
 * an access past one, a use after, and one that never comes.
 */
class grown_table {
public:
	/* The ids below @nr_ids count as given out; they have no entries. */
	explicit grown_table(uint32_t nr_ids = 0) { table_.nr_ids = nr_ids; }
	~grown_table();

	grown_table(const grown_table &) = delete;
	grown_table &operator=(const grown_table &) = delete;

	/* Grows the table as far as it asks for; returns by how many pages. */
	uint32_t grow();
	bool add(zsm_zspage &z);
	void remove(zsm_zspage &z) { zsm_core_table_remove(&table_, &z); }
	void take_apart();

	zsm_zspage *at(uint32_t id) const
	{
		return zsm_table_entry(&table_, id);
	}
	zsm_table &table() { return table_; }

private:
	zsm_table table_{};
	std::set<void *> pages_;
};

grown_table::~grown_table()
{
	take_apart();
}

uint32_t grown_table::grow()
{
	uint32_t nr = 0;

	for (; zsm_core_table_wants_page(&table_); nr++) {
		void *page = std::calloc(1, ZSM_PAGE_SIZE);

		zsm_core_table_grow(&table_, page);
		pages_.insert(page);
		if (nr > 3) {
			ADD_FAILURE() << "it wants pages without end";
			break;
		}
	}
	return nr;
}

bool grown_table::add(zsm_zspage &z)
{
	grow();
	return zsm_core_table_add(&table_, &z);
}

void grown_table::take_apart()
{
	while (void *page = zsm_core_table_take_page(&table_)) {
		ASSERT_EQ(pages_.erase(page), 1u) << "not the table's page";
		std::free(page);
	}
	EXPECT_TRUE(pages_.empty());
	EXPECT_EQ(table_.top, nullptr);
	EXPECT_EQ(table_.nr_ids, 0u);
	EXPECT_EQ(table_.free, 0u);
}

std::vector<model::descriptor> make_zspages(uint32_t nr)
{
	std::vector<model::descriptor> zspages;

	while (nr--)
		zspages.push_back(model::make_descriptor(0, UINT32_MAX));
	return zspages;
}

TEST(zspage_table, an_empty_table_has_no_page)
{
	grown_table t;

	EXPECT_TRUE(zsm_core_table_wants_page(&t.table()));
	EXPECT_EQ(zsm_core_table_take_page(&t.table()), nullptr);
}

TEST(zspage_table, ids_are_given_out_in_order)
{
	auto zspages = make_zspages(3 * leaf_ids / 2);
	grown_table t;

	for (uint32_t i = 0; i < zspages.size(); i++) {
		ASSERT_TRUE(t.add(*zspages[i]));
		ASSERT_EQ(zspages[i]->id, i);
	}
	for (uint32_t i = 0; i < zspages.size(); i++) {
		ASSERT_EQ(t.at(i), zspages[i].get());
		ASSERT_TRUE(zsm_table_is_zspage(t.at(i)));
	}
}

TEST(zspage_table, an_id_given_back_is_used_again_first)
{
	auto zspages = make_zspages(8);
	grown_table t;

	for (auto &z : zspages)
		ASSERT_TRUE(t.add(*z));
	for (uint32_t id : {2, 0, 7, 5}) {
		t.remove(*zspages[id]);
		EXPECT_FALSE(zsm_table_is_zspage(t.at(id))) << id;
	}
	EXPECT_TRUE(zsm_table_is_zspage(t.at(1)));
	for (uint32_t id : {5, 7, 0, 2}) {
		EXPECT_FALSE(zsm_core_table_wants_page(&t.table()));
		ASSERT_TRUE(t.add(*zspages[1]));
		EXPECT_EQ(zspages[1]->id, id);
		EXPECT_EQ(t.at(id), zspages[1].get());
	}
	ASSERT_TRUE(t.add(*zspages[1]));
	EXPECT_EQ(zspages[1]->id, 8u);
}

/* A full leaf with a free id in it asks for no page. */
TEST(zspage_table, a_free_id_is_worth_a_page)
{
	const model::descriptor z = model::make_descriptor(0, 0);
	grown_table t;

	for (uint32_t i = 0; i < leaf_ids; i++)
		ASSERT_TRUE(t.add(*z));
	EXPECT_TRUE(zsm_core_table_wants_page(&t.table()));
	z->id = 1;
	t.remove(*z);
	EXPECT_FALSE(zsm_core_table_wants_page(&t.table()));
}

/* Pages that the table grows by to give out the ids from 0 to @last. */
void check_growth(grown_table &t, zsm_zspage &z, uint32_t first, uint32_t last)
{
	for (uint32_t id = first; id <= last; id++) {
		const uint32_t wanted = (id == first && !t.table().top) +
					(id == first || id % mid_ids == 0) +
					(id == first || id % leaf_ids == 0);

		ASSERT_EQ(t.grow(), wanted) << "before id " << id;
		ASSERT_TRUE(zsm_core_table_add(&t.table(), &z));
		ASSERT_EQ(z.id, id);
		ASSERT_EQ(t.at(id), &z);
	}
}

TEST(zspage_table, it_grows_at_each_leaf)
{
	const model::descriptor z = model::make_descriptor(0, 0);
	grown_table t;

	check_growth(t, *z, 0, 5 * leaf_ids + 1);
}

#if ZSM_PAGE_SHIFT == 12
TEST(zspage_table, it_grows_from_the_first_id_past_a_middle_level)
{
	const model::descriptor z = model::make_descriptor(0, 0);
	grown_table t;

	check_growth(t, *z, 0, mid_ids + 2 * leaf_ids);
}
#endif

TEST(zspage_table, it_grows_at_each_middle_level)
{
	const model::descriptor z = model::make_descriptor(0, 0);

	for (uint32_t mid = 1; mid <= (max_ids - 1) / mid_ids; mid++) {
		grown_table t{mid * mid_ids - leaf_ids};

		ASSERT_NO_FATAL_FAILURE(
			check_growth(t, *z, mid * mid_ids - leaf_ids,
				     mid * mid_ids + (mid > 1 ? 2 : leaf_ids)));
	}
}

TEST(zspage_table, the_last_id_is_the_last)
{
	auto zspages = make_zspages(3);
	grown_table t{max_ids - 2};

	ASSERT_TRUE(t.add(*zspages[0]));
	ASSERT_TRUE(t.add(*zspages[1]));
	EXPECT_EQ(zspages[1]->id, max_ids - 1);
	EXPECT_EQ(t.at(max_ids - 1), zspages[1].get());
	EXPECT_FALSE(zsm_core_table_wants_page(&t.table()));
	EXPECT_FALSE(t.add(*zspages[2]));
	EXPECT_EQ(t.table().nr_ids, max_ids);
	EXPECT_EQ(t.at(max_ids - 1), zspages[1].get());

	t.remove(*zspages[0]);
	EXPECT_TRUE(t.add(*zspages[2]));
	EXPECT_EQ(zspages[2]->id, max_ids - 2);
	EXPECT_FALSE(t.add(*zspages[0]));

	/* The largest link that there can be. */
	t.remove(*zspages[1]);
	t.remove(*zspages[2]);
	EXPECT_FALSE(zsm_table_is_zspage(t.at(max_ids - 1)));
	EXPECT_FALSE(zsm_table_is_zspage(t.at(max_ids - 2)));
	EXPECT_TRUE(t.add(*zspages[2]));
	EXPECT_TRUE(t.add(*zspages[1]));
	EXPECT_EQ(zspages[1]->id, max_ids - 1);
	EXPECT_FALSE(t.add(*zspages[0]));
}

/* Tables that end at each place in a leaf and in a middle level. */
TEST(zspage_table, taking_it_apart_gives_every_page_back)
{
	const model::descriptor z = model::make_descriptor(0, 0);

	for (uint32_t first : {0u, mid_ids - leaf_ids, mid_ids, max_ids - 1}) {
		grown_table t{first};

		ASSERT_TRUE(t.add(*z));
		t.remove(*z);
		ASSERT_NO_FATAL_FAILURE(t.take_apart());

		/* It can be used again. */
		ASSERT_TRUE(t.add(*z));
		EXPECT_EQ(z->id, 0u);
	}
}

/* A page that is still to be filled is the table's too. */
TEST(zspage_table, taking_it_apart_while_it_grows_gives_every_page_back)
{
	for (uint32_t nr = 1; nr <= 3; nr++) {
		std::set<void *> pages;
		zsm_table table{};

		for (uint32_t i = 0; i < nr; i++) {
			void *page = std::calloc(1, ZSM_PAGE_SIZE);

			ASSERT_TRUE(zsm_core_table_wants_page(&table));
			zsm_core_table_grow(&table, page);
			pages.insert(page);
		}
		while (void *page = zsm_core_table_take_page(&table)) {
			ASSERT_EQ(pages.erase(page), 1u);
			std::free(page);
		}
		EXPECT_TRUE(pages.empty());
	}
}

/* Live zspages by id, and the free ids, the last one given back at the end. */
struct table_model {
	std::vector<zsm_zspage *> at;
	std::vector<uint32_t> free;

	uint32_t next_id() const
	{
		return free.empty() ? static_cast<uint32_t>(at.size())
				    : free.back();
	}

	void add(zsm_zspage &z)
	{
		if (!free.empty()) {
			at[free.back()] = &z;
			free.pop_back();
		} else {
			at.push_back(&z);
		}
	}

	void remove(zsm_zspage &z)
	{
		at[z.id] = nullptr;
		free.push_back(z.id);
	}

	void check(const grown_table &t) const
	{
		for (uint32_t id = 0; id < at.size(); id++) {
			const zsm_zspage *entry = t.at(id);

			ASSERT_EQ(zsm_table_is_zspage(entry),
				  at[id] != nullptr);
			if (at[id]) {
				ASSERT_EQ(entry, at[id]);
			}
		}
	}
};

TEST(zspage_table, adding_and_removing_at_random_agrees_with_the_model)
{
	constexpr uint64_t seed = 4000;
	const auto zspages = make_zspages(2 * leaf_ids);
	std::vector<bool> live(zspages.size());
	model::rng rng{seed};
	table_model m;
	grown_table t;

	SCOPED_TRACE(testing::Message() << "seed " << seed);
	for (uint32_t op = 0; op < 40 * leaf_ids; op++) {
		const uint32_t i =
			rng.below(static_cast<uint32_t>(live.size()));
		zsm_zspage &z = *zspages[i];

		if (live[i]) {
			m.remove(z);
			t.remove(z);
		} else {
			ASSERT_TRUE(t.add(z));
			ASSERT_EQ(z.id, m.next_id());
			m.add(z);
		}
		live[i] = !live[i];
		if (op % leaf_ids == 0) {
			ASSERT_NO_FATAL_FAILURE(m.check(t));
		}
	}
	m.check(t);
}

} /* namespace */
