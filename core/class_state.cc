// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * A size class in a pool: its zspages with room, listed by what taking an
 * object of them costs and by fullness, and the two calls of the C side.
 */
#include "zspage.hh"

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
	return *cls.lists[31 - __builtin_clz(cls.nonempty)];
}

} /* namespace */

extern "C" zsm_object zsm_core_alloc(zsm_class *cls, zsm_zspage *fresh,
				     zsm_reserve *reserve,
				     uint32_t owner) noexcept
{
	const bool start = !cls->nonempty;
	zspage z{start ? *fresh : best_with_room(*cls)};
	const uint32_t brought = reserve->nr;

	if (start) {
		z.init();
		cls->nr_zspages++;
	}

	const obj_idx obj = z.take(*reserve, owner);

	cls->nr_used++;
	cls->nr_pages += brought - reserve->nr;
	relist(*cls, z.state(), z.list());
	return {&z.state(), raw(obj)};
}

extern "C" zsm_released zsm_core_free(zsm_class *cls, zsm_zspage *state,
				      uint32_t obj) noexcept
{
	zsm_released out{};
	zspage z{*state};

	if (!z.is_used(obj_idx{obj})) {
		out.state = ZSM_NOT_ALLOCATED;
		return out;
	}
	z.give(obj_idx{obj}, out);
	cls->nr_used--;
	cls->nr_pages -= out.nr;
	if (z.empty()) {
		relist(*cls, *state, ZSM_NO_LIST);
		cls->nr_zspages--;
		out.state = ZSM_FREED_LAST;
	} else {
		relist(*cls, *state, z.list());
	}
	return out;
}
