// SPDX-License-Identifier: GPL-2.0 OR MIT
#include "core/zsm/class_state.hh"

namespace zsm {

namespace {

constexpr bool is_kept(uint8_t list) noexcept
{
	return list == ZSM_KEPT_READY_LIST || list == ZSM_KEPT_GROWING_LIST;
}

/* The list of a zspage that is kept and belongs in another now. */
constexpr uint8_t kept_list(uint8_t list) noexcept
{
	if (list == ZSM_NO_LIST)
		return ZSM_NO_LIST;
	return list < ZSM_GROWING_LISTS ? ZSM_KEPT_GROWING_LIST
					: ZSM_KEPT_READY_LIST;
}

} /* namespace */

/* A growing list counts as the fullest that it may hold. */
zsm_zspage *class_view::least_full() const noexcept
{
	constexpr uint32_t ratio = ZSM_READY_LEVELS / ZSM_GROWING_LEVELS;

	for (uint32_t fullness = 0; fullness < ZSM_READY_LEVELS; fullness++) {
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

/*
 * The last zspages of a class cost the most moves for a page, and are needed
 * again by the next allocations: an excess that is too small to count is left.
 */
uint64_t class_view::gain() const noexcept
{
	const uint64_t fewest = fewest_pages();

	if (settled() || nr_pages() <= fewest + fewest / ZSM_EXCESS_SHARE)
		return 0;
	return nr_pages() - fewest;
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
	relist(z.state(),
	       is_kept(z.state().list) ? kept_list(z.list()) : z.list());
	return populated;
}

void class_state::keep(zspage z) noexcept
{
	relist(z.state(), kept_list(z.list()));
	s_.settled = false;
}

bool class_state::forget_kept() noexcept
{
	zsm_zspage *z = first(ZSM_KEPT_READY_LIST);

	if (!z)
		z = first(ZSM_KEPT_GROWING_LIST);
	if (!z)
		return false;
	relist(*z, zspage{*z}.list());
	s_.settled = false;
	return true;
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
