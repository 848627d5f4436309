// SPDX-License-Identifier: GPL-2.0 OR MIT
/* What eviction asks the core: the objects of a page, and where those go that
 * stay. */
#include "core/tests/zsm/pool.hh"

#include <vector>

namespace reclaim_test {
namespace {

using model::for_each_class;
using model::pool;

/* The used objects that touch a page, looked for one by one. */
std::vector<uint32_t> used_on(const zsm_zspage &zspage, uint32_t page)
{
	const uint32_t size = model::row(zspage.class_idx).size;
	std::vector<uint32_t> found;

	for (uint32_t obj = 0; obj < model::row(zspage.class_idx).nr_objs;
	     obj++) {
		const uint32_t first = obj * size / ZSM_PAGE_SIZE;
		const uint32_t last = ((obj + 1) * size - 1) / ZSM_PAGE_SIZE;

		if (model::used_bit(zspage, obj) && page >= first &&
		    page <= last)
			found.push_back(obj);
	}
	return found;
}

TEST(reclaim, each_object_of_a_page_comes_once)
{
	for_each_class(9000, [](pool &p) {
		ASSERT_NO_FATAL_FAILURE(model::wander(p, 200, 4));
		if (!p.nr_used())
			p.alloc();

		zsm_zspage &z = p.zspage(p.random_object().id);

		for (uint32_t page = 0; page < ZSM_MAX_CHAIN; page++) {
			std::vector<uint32_t> found;
			uint32_t obj = zsm_core_next_used(&z, page, 0);

			for (; obj != ZSM_MAX_OBJS;
			     obj = zsm_core_next_used(&z, page, obj + 1))
				found.push_back(obj);
			ASSERT_EQ(found, z.populated >> page & 1
						 ? used_on(z, page)
						 : std::vector<uint32_t>{});
		}
		model::drain(p);
	});
}

/* Whether a free object of a zspage has all its pages, none of them this one.
 */
bool is_refuge(const zsm_zspage &zspage, uint32_t obj, bool same, uint32_t page)
{
	const uint32_t size = model::row(zspage.class_idx).size;
	const uint32_t first = obj * size / ZSM_PAGE_SIZE;
	const uint32_t last = ((obj + 1) * size - 1) / ZSM_PAGE_SIZE;

	return !model::used_bit(zspage, obj) &&
	       (zspage.populated >> first & 1) &&
	       (zspage.populated >> last & 1) &&
	       !(same && page >= first && page <= last);
}

bool has_refuge(pool &p, const zsm_zspage &from, uint32_t page)
{
	for (uint32_t list = 0; list < ZSM_NR_LISTS; list++) {
		for (const zsm_zspage *z = p.cls().lists[list]; z;
		     z = z->next) {
			for (uint32_t obj = 0; obj < p.objs_each(); obj++) {
				if (is_refuge(*z, obj, z == &from, page))
					return true;
			}
		}
	}
	return false;
}

TEST(reclaim, an_object_finds_a_refuge_off_its_page_if_there_is_one)
{
	uint32_t found = 0, missed = 0;

	for_each_class(9100, [&](pool &p) {
		ASSERT_NO_FATAL_FAILURE(model::wander(p, 100, 3));
		for (uint32_t i = 0; i < 8 && p.nr_used(); i++) {
			const model::object o = p.random_object();
			zsm_zspage &z = p.zspage(o.id);
			const uint32_t page = zsm_page_of(&z, o.obj);
			const zsm_object from{&z, o.obj};
			zsm_move move{};

			if (!zsm_core_pick_refuge(&p.cls(), &from, page,
						  &move)) {
				ASSERT_FALSE(has_refuge(p, z, page));
				missed++;
				continue;
			}
			found++;
			ASSERT_EQ(move.from.zspage, &z);
			ASSERT_EQ(move.from.obj, o.obj);
			ASSERT_TRUE(
				is_refuge(*move.to.zspage,
					  static_cast<uint32_t>(move.to.obj),
					  move.to.zspage == &z, page));
		}
		model::drain(p);
	});
	EXPECT_GT(found, 0u);
	EXPECT_GT(missed, 0u);
}

} /* namespace */
} /* namespace reclaim_test */
