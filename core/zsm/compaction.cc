// SPDX-License-Identifier: GPL-2.0 OR MIT
#include "core/zsm/compaction.h"

#include "core/zsm/class_state.hh"

namespace {

using zsm::class_state;
using zsm::class_view;
using zsm::obj_idx;
using zsm::page_idx;
using zsm::zspage;

/* How many zspages of a list are compared. */
constexpr uint32_t search = 8;

/* The one of the first zspages of a list that has the fewest objects. */
zspage emptiest_of(zsm_zspage &first) noexcept
{
	zsm_zspage *best = &first;
	uint32_t left = search;

	for (zsm_zspage *s = first.next; s && --left; s = s->next) {
		if (s->nr_used < best->nr_used)
			best = s;
	}
	return zspage{*best};
}

/*
 * A zspage to move to: one of the first few of a list that has no fewer objects
 * than the source, so that what has moved does not come back.
 */
zsm_zspage *find_in_list(zsm_zspage *s, const zsm_zspage &source,
			 uint32_t least) noexcept
{
	for (uint32_t left = search; s && left; s = s->next, left--) {
		if (s != &source && s->nr_used >= least)
			return s;
	}
	return nullptr;
}

/* The lists stand in the order in which their zspages are to be filled. */
zsm_zspage *find_target(class_view cls, const zspage &source) noexcept
{
	for (uint32_t list = ZSM_NR_LISTS; list-- > 0;) {
		const bool kept = list == ZSM_KEPT_READY_LIST ||
				  list == ZSM_KEPT_GROWING_LIST;

		if (zsm_zspage *target =
			    find_in_list(cls.first(list), source.state(),
					 kept ? 0 : source.nr_used()))
			return target;
	}
	return nullptr;
}

/* A zspage with fewer objects than one that is no fuller than any other. */
zsm_zspage *find_emptier(class_view cls, const zspage &than) noexcept
{
	for (uint32_t list = ZSM_KEPT_READY_LIST; list-- > 0;) {
		if (list == ZSM_KEPT_GROWING_LIST)
			continue;
		if (zsm_zspage *z =
			    find_in_list(cls.first(list), than.state(), 0))
			return z;
	}
	return nullptr;
}

void set_move(zsm_move &move, const zspage &from, const zspage &to) noexcept
{
	const obj_idx obj = to.pick();

	move.from = {&from.state(), raw(from.used_on(from.emptiest_page()))};
	move.to = {&to.state(), raw(obj)};
	move.page = to.missing_page(obj);
}

/* Inside the only zspage that has room: from its end to its beginning. */
bool set_move_inside(zsm_move &move, const zspage &z) noexcept
{
	const obj_idx from = z.last_used();
	const obj_idx to = z.first_free();

	if (to > from)
		return false;
	move.from = {&z.state(), raw(from)};
	move.to = {&z.state(), raw(to)};
	move.page = z.missing_page(to);
	return true;
}

bool find_move(class_view cls, zsm_move &move) noexcept
{
	zsm_zspage *least = cls.least_full();

	if (!least || !cls.gain())
		return false;

	const zspage source = emptiest_of(*least);

	if (zsm_zspage *target = find_target(cls, source)) {
		set_move(move, source, zspage{*target});
		return true;
	}
	if (zsm_zspage *emptier = find_emptier(cls, source)) {
		set_move(move, zspage{*emptier}, source);
		return true;
	}
	return set_move_inside(move, source);
}

/*
 * A free object that needs no page and is not on the page to be freed, of the
 * fullest zspage that has one. All zspages of these lists do, but perhaps the
 * page's own.
 */
zsm_object find_refuge(class_view cls, const zsm_zspage &source,
		       page_idx page) noexcept
{
	for (uint32_t list = ZSM_NR_LISTS; list-- > ZSM_GROWING_LISTS;) {
		for (zsm_zspage *s = cls.first(list); s; s = s->next) {
			const zspage z{*s};

			if (s != &source)
				return {s, raw(z.pick())};

			const obj_idx obj = z.ready_off(page);

			if (raw(obj) != ZSM_MAX_OBJS)
				return {s, raw(obj)};
		}
	}
	return {nullptr, 0};
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
	const class_view &view = state;
	const bool found = find_move(view, *move);

	state.set_settled(!found && !state.has_kept());
	return found;
}

extern "C" void zsm_core_refused(zsm_class *cls, const zsm_move *move) noexcept
{
	class_state{*cls}.keep(zspage{*move->from.zspage});
}

extern "C" int zsm_core_retry(zsm_class *cls) noexcept
{
	return class_state{*cls}.forget_kept();
}

extern "C" void zsm_core_move_take(zsm_class *cls, const zsm_move *move,
				   zsm_reserve *reserve) noexcept
{
	const uint32_t owner =
		zspage{*move->from.zspage}.owner(obj_idx{move->from.obj});

	class_state{*cls}.take(zspage{*move->to.zspage}, obj_idx{move->to.obj},
			       *reserve, owner);
}

extern "C" zsm_released zsm_core_move_give(zsm_class *cls,
					   const zsm_move *move) noexcept
{
	class_state state{*cls};

	state.set_settled(false);
	return state.give(zspage{*move->from.zspage}, obj_idx{move->from.obj});
}

extern "C" int zsm_core_pick_refuge(const zsm_class *cls,
				    const zsm_object *from, uint32_t page,
				    zsm_move *move) noexcept
{
	move->from = *from;
	move->to = find_refuge(class_view{*cls}, *from->zspage, page_idx{page});
	move->page = ZSM_NO_PAGE;
	return move->to.zspage != nullptr;
}

extern "C" uint32_t zsm_core_next_used(zsm_zspage *zspage, uint32_t page,
				       uint32_t obj) noexcept
{
	if (!(zspage->populated >> page & 1))
		return ZSM_MAX_OBJS;

	const zsm::zspage z{*zspage};
	const auto objs = z.objs_on(page_idx{page});
	uint32_t next = obj > raw(objs.first) ? obj : raw(objs.first);

	while (next <= raw(objs.last) && !z.is_used(obj_idx{next}))
		next++;
	return next <= raw(objs.last) ? next : ZSM_MAX_OBJS;
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

	set_move(*move, z, zspage{gainer});
	return true;
}

extern "C" uint64_t zsm_core_gain(const zsm_class *cls) noexcept
{
	return class_view{*cls}.gain();
}
