// SPDX-License-Identifier: GPL-2.0 OR MIT
#include "core/zsm/compaction.h"

#include "core/zsm/class_state.hh"

namespace {

using zsm::class_state;
using zsm::class_view;
using zsm::obj_idx;
using zsm::page_idx;
using zsm::zspage;

/*
 * A ready object to move to that is not on the page to be emptied, the fullest
 * zspage's first. The caller has counted that there is one.
 */
zsm_object pick_target(class_view cls, const zsm_zspage &source,
		       page_idx page) noexcept
{
	for (uint32_t list = ZSM_NR_LISTS; list-- > ZSM_GROWING_LISTS;) {
		for (zsm_zspage *s = cls.first(list); s; s = s->next) {
			const zspage z{*s};

			if (s != &source)
				return {s, raw(z.pick())};

			const obj_idx obj = z.ready_off(page);

			if (raw(obj) < cls.row().nr_objs)
				return {s, raw(obj)};
		}
	}
	return {nullptr, 0};
}

bool find_move(class_view cls, zsm_move &move) noexcept
{
	zsm_zspage *source = cls.least_full();

	if (!source)
		return false;

	const zspage z{*source};
	const page_idx page = z.emptiest_page();

	if (cls.nr_ready() - z.count_ready(page) < z.count_used(page))
		return false;
	move.from = {source, raw(z.used_on(page))};
	move.to = pick_target(cls, *source, page);
	return move.to.zspage != nullptr;
}

/* Objects that would have to leave the emptiest page. */
uint32_t merge_objs(class_view cls) noexcept
{
	zsm_zspage *source = cls.least_full();

	if (!source)
		return 0;

	const zspage z{*source};

	return z.count_used(z.emptiest_page());
}

/* What an object of a class takes more in another. */
uint32_t loss(class_view from, class_view to) noexcept
{
	return to.row().size - from.row().size;
}

} /* namespace */

extern "C" int zsm_core_pick_move(zsm_class *cls, zsm_move *move) noexcept
{
	class_state state{*cls};
	const bool found = find_move(state, *move);

	state.set_settled(!found);
	return found;
}

extern "C" zsm_released zsm_core_move(zsm_class *cls,
				      const zsm_move *move) noexcept
{
	return zsm_core_merge(cls, cls, move);
}

extern "C" uint32_t zsm_core_merge_objs(const zsm_class *cls) noexcept
{
	return merge_objs(class_view{*cls});
}

extern "C" int zsm_core_pick_merge(const zsm_class *from, const zsm_class *to,
				   zsm_move *move) noexcept
{
	const class_view source{*from}, target{*to};
	const uint32_t objs = merge_objs(source);

	if (!objs || objs > target.nr_ready() ||
	    objs * loss(source, target) > ZSM_PAGE_SIZE / ZSM_MERGE_SHARE)
		return false;

	zsm_zspage &loser = *source.least_full();
	zsm_zspage &gainer = target.best_with_room();
	const zspage z{loser};

	move->from = {&loser, raw(z.used_on(z.emptiest_page()))};
	move->to = {&gainer, raw(zspage{gainer}.pick())};
	return true;
}

extern "C" zsm_released zsm_core_merge(zsm_class *from, zsm_class *to,
				       const zsm_move *move) noexcept
{
	const zspage source{*move->from.zspage};
	const obj_idx obj{move->from.obj};
	class_state loser{*from};
	zsm_reserve none{};

	class_state{*to}.take(zspage{*move->to.zspage}, obj_idx{move->to.obj},
			      none, source.owner(obj));
	if (from != to)
		loser.set_settled(false);
	return loser.give(source, obj);
}

/*
 * A move takes a ready object, and leaves none when the page it came from is
 * gone; that may be both pages that it touched.
 */
extern "C" uint64_t zsm_core_gain(const zsm_class *cls) noexcept
{
	const class_view view{*cls};
	const uint64_t fewest = view.fewest_pages();

	if (view.settled() || view.nr_pages() <= fewest)
		return 0;

	const uint64_t more = view.nr_pages() - fewest;
	const uint64_t most = view.nr_ready() * ZSM_OBJ_PAGES;

	return more < most ? more : most;
}
