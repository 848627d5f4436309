// SPDX-License-Identifier: GPL-2.0 OR MIT
#include "core/zsm/class_state.hh"

namespace zsm {

/*
 * A growing list counts as the fullest that it may hold: so a growing zspage is
 * taken only if every ready one is fuller, and what is moved out of it does not
 * come back.
 */
zsm_zspage *class_view::least_full() const noexcept
{
	constexpr uint32_t ratio = ZSM_READY_LISTS / ZSM_GROWING_LISTS;

	for (uint32_t fullness = 0; fullness < ZSM_READY_LISTS; fullness++) {
		if (zsm_zspage *z = first(ZSM_GROWING_LISTS + fullness))
			return z;
		if (fullness % ratio != ratio - 1)
			continue;
		if (zsm_zspage *z = first(fullness / ratio))
			return z;
	}
	return nullptr;
}

uint64_t class_view::fewest_pages() const noexcept
{
	const uint64_t rest = nr_used() % row().nr_objs * row().size;

	return nr_used() / row().nr_objs * row().nr_pages +
	       (rest + ZSM_PAGE_SIZE - 1) / ZSM_PAGE_SIZE;
}

void class_state::unlist(zsm_zspage &z) noexcept
{
	if (z.next)
		z.next->prev = z.prev;
	if (z.prev)
		z.prev->next = z.next;
	else
		s_.lists[z.list] = z.next;
	if (!s_.lists[z.list])
		s_.nonempty &= ~(1u << z.list);
}

void class_state::enlist(zsm_zspage &z) noexcept
{
	z.prev = nullptr;
	z.next = s_.lists[z.list];
	if (z.next)
		z.next->prev = &z;
	s_.lists[z.list] = &z;
	s_.nonempty |= 1u << z.list;
}

/* Moves a zspage to another list, if it is another. */
void class_state::relist(zsm_zspage &z, uint8_t list) noexcept
{
	if (z.list == list)
		return;
	if (z.list != ZSM_NO_LIST)
		unlist(z);
	z.list = list;
	if (list != ZSM_NO_LIST)
		enlist(z);
}

uint32_t class_state::take(zspage z, obj_idx obj, zsm_reserve &reserve,
			   uint32_t owner) noexcept
{
	const uint32_t ready = z.nr_ready();
	const uint32_t pages = reserve.nr;
	const uint32_t populated = z.take(obj, reserve, owner);

	if (populated)
		s_.settled = false;
	s_.nr_used++;
	s_.nr_ready = s_.nr_ready + z.nr_ready() - ready;
	s_.nr_pages += pages - reserve.nr;
	relist(z.state(), z.list());
	return populated;
}

zsm_released class_state::give(zspage z, obj_idx obj) noexcept
{
	const uint32_t ready = z.nr_ready();
	zsm_released out{};

	z.give(obj, out);
	s_.nr_used--;
	s_.nr_ready = s_.nr_ready + z.nr_ready() - ready;
	s_.nr_pages -= out.nr;
	if (z.empty()) {
		relist(z.state(), ZSM_NO_LIST);
		s_.nr_zspages--;
		out.state = ZSM_FREED_LAST;
	} else {
		relist(z.state(), z.list());
	}
	return out;
}

zsm_taken class_state::alloc(zsm_zspage *fresh, zsm_reserve &reserve,
			     uint32_t owner) noexcept
{
	const bool start = !has_room();
	zspage z{start ? *fresh : best_with_room()};

	if (start) {
		z.init();
		s_.nr_zspages++;
	}

	const obj_idx obj = z.pick();
	const uint32_t populated = take(z, obj, reserve, owner);

	return {&z.state(), raw(obj),
		populated ? lowest_bit(populated) : ZSM_NO_PAGE};
}

zsm_released class_state::free(zspage z, obj_idx obj) noexcept
{
	if (!z.is_used(obj)) {
		zsm_released out{};

		out.state = ZSM_NOT_ALLOCATED;
		return out;
	}
	s_.settled = false;
	return give(z, obj);
}

} /* namespace zsm */

extern "C" zsm_taken zsm_core_alloc(zsm_class *cls, zsm_zspage *fresh,
				    zsm_reserve *reserve,
				    uint32_t owner) noexcept
{
	return zsm::class_state{*cls}.alloc(fresh, *reserve, owner);
}

extern "C" zsm_released zsm_core_free(zsm_class *cls, zsm_zspage *zspage,
				      uint32_t obj) noexcept
{
	return zsm::class_state{*cls}.free(zsm::zspage{*zspage},
					   zsm::obj_idx{obj});
}
