// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * A size class in a pool: its zspages with room, listed by what taking an
 * object of them costs and by fullness, and what the C side calls.
 */
#include "core/bits.hh"
#include "core/zsm/zspage.hh"

namespace {

using zsm::obj_idx;
using zsm::zspage;

void unlist(zsm_class &cls, zsm_zspage &z) noexcept
{
	if (z.next)
		z.next->prev = z.prev;
	if (z.prev)
		z.prev->next = z.next;
	else
		cls.lists[z.list] = z.next;
	if (!cls.lists[z.list])
		cls.nonempty &= ~(1u << z.list);
}

void enlist(zsm_class &cls, zsm_zspage &z) noexcept
{
	z.prev = nullptr;
	z.next = cls.lists[z.list];
	if (z.next)
		z.next->prev = &z;
	cls.lists[z.list] = &z;
	cls.nonempty |= 1u << z.list;
}

/* Moves a zspage to another list, if it is another. */
void relist(zsm_class &cls, zsm_zspage &z, uint8_t list) noexcept
{
	if (z.list == list)
		return;
	if (z.list != ZSM_NO_LIST)
		unlist(cls, z);
	z.list = list;
	if (list != ZSM_NO_LIST)
		enlist(cls, z);
}

zsm_zspage &best_with_room(const zsm_class &cls) noexcept
{
	return *cls.lists[zsm::highest_bit(cls.nonempty)];
}

/* Takes an object of a zspage, and brings the class up to date. */
void take(zsm_class &cls, zspage z, obj_idx obj, zsm_reserve &reserve,
	  uint32_t owner) noexcept
{
	const uint32_t ready = z.nr_ready();
	const uint32_t pages = reserve.nr;

	z.take(obj, reserve, owner);
	if (pages != reserve.nr)
		cls.settled = false;
	cls.nr_used++;
	cls.nr_ready = cls.nr_ready + z.nr_ready() - ready;
	cls.nr_pages += pages - reserve.nr;
	relist(cls, z.state(), z.list());
}

zsm_released give(zsm_class &cls, zspage z, obj_idx obj) noexcept
{
	const uint32_t ready = z.nr_ready();
	zsm_released out{};

	z.give(obj, out);
	cls.nr_used--;
	cls.nr_ready = cls.nr_ready + z.nr_ready() - ready;
	cls.nr_pages -= out.nr;
	if (z.empty()) {
		relist(cls, z.state(), ZSM_NO_LIST);
		cls.nr_zspages--;
		out.state = ZSM_FREED_LAST;
	} else {
		relist(cls, z.state(), z.list());
	}
	return out;
}

/*
 * A zspage with room of the least fullness; NULL if none has room. A growing
 * list counts as the fullest that it may hold: so a growing zspage is taken
 * only if every ready one is fuller, and what is moved out of it does not come
 * back.
 */
zsm_zspage *least_full(const zsm_class &cls) noexcept
{
	constexpr uint32_t ratio = ZSM_READY_LISTS / ZSM_GROWING_LISTS;

	for (uint32_t fullness = 0; fullness < ZSM_READY_LISTS; fullness++) {
		if (zsm_zspage *z = cls.lists[ZSM_GROWING_LISTS + fullness])
			return z;
		if (fullness % ratio != ratio - 1)
			continue;
		if (zsm_zspage *z = cls.lists[fullness / ratio])
			return z;
	}
	return nullptr;
}

/*
 * A ready object to move to that is not on the page to be emptied, the fullest
 * zspage's first. The caller has counted that there is one.
 */
zsm_object pick_target(const zsm_class &cls, const zsm_zspage &source,
		       zsm::page_idx page) noexcept
{
	for (uint32_t list = ZSM_NR_LISTS; list-- > ZSM_GROWING_LISTS;) {
		for (zsm_zspage *s = cls.lists[list]; s; s = s->next) {
			const zspage z{*s};

			if (s != &source)
				return {s, raw(z.pick())};

			const obj_idx obj = z.ready_off(page);

			if (raw(obj) < zsm_classes.rows[s->class_idx].nr_objs)
				return {s, raw(obj)};
		}
	}
	return {nullptr, 0};
}

bool find_move(const zsm_class &cls, zsm_move &move) noexcept
{
	zsm_zspage *source = least_full(cls);

	if (!source)
		return false;

	const zspage z{*source};
	const zsm::page_idx page = z.emptiest_page();

	if (cls.nr_ready - z.count_ready(page) < z.count_used(page))
		return false;
	move.from = {source, raw(z.used_on(page))};
	move.to = pick_target(cls, *source, page);
	return move.to.zspage != nullptr;
}

/* What an object of a class takes more in another. */
uint32_t loss(const zsm_class &from, const zsm_class &to) noexcept
{
	return zsm_classes.rows[to.class_idx].size -
	       zsm_classes.rows[from.class_idx].size;
}

/* The fewest pages that so many objects of a class fit in. */
uint64_t fewest_pages(const zsm_class_row &row, uint64_t nr_used) noexcept
{
	const uint64_t rest = nr_used % row.nr_objs * row.size;

	return nr_used / row.nr_objs * row.nr_pages +
	       (rest + ZSM_PAGE_SIZE - 1) / ZSM_PAGE_SIZE;
}

} /* namespace */

extern "C" zsm_object zsm_core_alloc(zsm_class *cls, zsm_zspage *fresh,
				     zsm_reserve *reserve,
				     uint32_t owner) noexcept
{
	const bool start = !cls->nonempty;
	zspage z{start ? *fresh : best_with_room(*cls)};

	if (start) {
		z.init();
		cls->nr_zspages++;
	}

	const obj_idx obj = z.pick();

	take(*cls, z, obj, *reserve, owner);
	return {&z.state(), raw(obj)};
}

extern "C" zsm_released zsm_core_free(zsm_class *cls, zsm_zspage *zspage,
				      uint32_t obj) noexcept
{
	const zsm::zspage z{*zspage};

	if (!z.is_used(obj_idx{obj})) {
		zsm_released out{};

		out.state = ZSM_NOT_ALLOCATED;
		return out;
	}
	cls->settled = false;
	return give(*cls, z, obj_idx{obj});
}

extern "C" int zsm_core_pick_move(zsm_class *cls, zsm_move *move) noexcept
{
	cls->settled = !find_move(*cls, *move);
	return !cls->settled;
}

extern "C" zsm_released zsm_core_move(zsm_class *cls,
				      const zsm_move *move) noexcept
{
	return zsm_core_merge(cls, cls, move);
}

extern "C" uint32_t zsm_core_merge_objs(const zsm_class *cls) noexcept
{
	zsm_zspage *source = least_full(*cls);

	if (!source)
		return 0;

	const zspage z{*source};

	return z.count_used(z.emptiest_page());
}

extern "C" int zsm_core_pick_merge(const zsm_class *from, const zsm_class *to,
				   zsm_move *move) noexcept
{
	const uint32_t objs = zsm_core_merge_objs(from);

	if (!objs || objs > to->nr_ready ||
	    objs * loss(*from, *to) > ZSM_PAGE_SIZE / ZSM_MERGE_SHARE)
		return false;

	zsm_zspage *source = least_full(*from);
	const zspage z{*source};
	zsm_zspage &target = best_with_room(*to);

	move->from = {source, raw(z.used_on(z.emptiest_page()))};
	move->to = {&target, raw(zspage{target}.pick())};
	return true;
}

extern "C" zsm_released zsm_core_merge(zsm_class *from, zsm_class *to,
				       const zsm_move *move) noexcept
{
	const zspage source{*move->from.zspage};
	const obj_idx obj{static_cast<uint32_t>(move->from.obj)};
	zsm_reserve none{};

	take(*to, zspage{*move->to.zspage},
	     obj_idx{static_cast<uint32_t>(move->to.obj)}, none,
	     source.owner(obj));
	if (from != to)
		from->settled = false;
	return give(*from, source, obj);
}

/*
 * A move takes a ready object, and leaves none when the page it came from is
 * gone; that may be both pages that it touched.
 */
extern "C" uint64_t zsm_core_gain(const zsm_class *cls) noexcept
{
	const uint64_t fewest =
		fewest_pages(zsm_classes.rows[cls->class_idx], cls->nr_used);

	if (cls->settled || cls->nr_pages <= fewest)
		return 0;

	const uint64_t more = cls->nr_pages - fewest;
	const uint64_t most = cls->nr_ready * ZSM_OBJ_PAGES;

	return more < most ? more : most;
}
