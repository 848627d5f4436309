// SPDX-License-Identifier: GPL-2.0 OR MIT
#include "core/zsm/zspage.hh"

#include "core/bits.hh"

namespace zsm {
namespace {

constexpr uint32_t word_bits = ZSM_OBJS_PER_WORD;
constexpr uint32_t all_bits = ~uint32_t{0};

constexpr uint32_t page_bit(page_idx page) noexcept
{
	return 1u << raw(page);
}

constexpr uint32_t obj_bit(obj_idx obj) noexcept
{
	return 1u << (raw(obj) % word_bits);
}

/* All bits from @from up, and all up to and including @to. */
constexpr uint32_t bits_from(uint32_t from) noexcept
{
	return all_bits << from;
}

constexpr uint32_t bits_to(uint32_t to) noexcept
{
	return all_bits >> (word_bits - 1 - to);
}

} /* namespace */

void zspage::init() noexcept
{
	s_.next = nullptr;
	s_.prev = nullptr;
	s_.nr_used = 0;
	s_.nr_unready = static_cast<uint16_t>(layout_.nr_objs());
	s_.populated = 0;
	s_.list = ZSM_NO_LIST;
	for (uint32_t word = 0; word < layout_.nr_words(); word++)
		s_.tail[word] = 0;
}

bool zspage::is_used(obj_idx obj) const noexcept
{
	return raw(obj) < layout_.nr_objs() &&
	       (s_.tail[raw(obj) / word_bits] & obj_bit(obj));
}

/* The first free object at or after @from; nr_objs or more if there is none. */
obj_idx zspage::next_free(obj_idx from) const noexcept
{
	uint32_t word = raw(from) / word_bits;
	uint32_t skip = bits_from(raw(from) % word_bits);

	for (; word < layout_.nr_words(); word++, skip = all_bits) {
		const uint32_t free = ~s_.tail[word] & skip;

		if (free)
			return obj_idx{word * word_bits + lowest_bit(free)};
	}
	return obj_idx{ZSM_MAX_OBJS};
}

/* A bit for each page that the object touches and that is not there. */
uint32_t zspage::missing_pages(obj_idx obj) const noexcept
{
	const auto pages = layout_.pages_of(obj);

	return (page_bit(pages.first) | page_bit(pages.last)) & ~s_.populated;
}

/* There is a ready object: nr_ready() says so. */
obj_idx zspage::pick_ready() const noexcept
{
	obj_idx obj = next_free(obj_idx{0});

	/* Nothing that touches a missing page is ready: go past all of it. */
	while (const uint32_t missing = missing_pages(obj)) {
		const page_idx page{highest_bit(missing)};

		obj = next_free(zsm::next(layout_.objs_of(page).last));
	}
	return obj;
}

bool zspage::any_used(span_of<obj_idx> objs) const noexcept
{
	const uint32_t first = raw(objs.first);
	const uint32_t last = raw(objs.last);
	uint32_t found = 0;

	for (uint32_t w = first / word_bits; w <= last / word_bits; w++) {
		uint32_t mask = all_bits;

		if (w == first / word_bits)
			mask &= bits_from(first % word_bits);
		if (w == last / word_bits)
			mask &= bits_to(last % word_bits);
		found |= s_.tail[w] & mask;
	}
	return found;
}

/*
 * Counts the objects that touch a missing page, run by run of such pages. Two
 * runs have a populated page between them, which no object spans, so that
 * none is counted twice.
 */
uint16_t zspage::count_unready() const noexcept
{
	uint32_t missing =
		~uint32_t{s_.populated} & ((1u << layout_.nr_pages()) - 1);
	uint32_t count = 0;

	while (missing) {
		const uint32_t first = lowest_bit(missing);
		const uint32_t end = lowest_bit(~(missing >> first)) + first;

		const span_of<obj_idx> run{
			layout_.objs_of(page_idx{first}).first,
			layout_.objs_of(page_idx{end - 1}).last};

		count += run.count();
		missing &= all_bits << end;
	}
	return static_cast<uint16_t>(count);
}

/*
 * Where no object is ready the first free one does: it starts at the start of a
 * page, and then touches no other, or where a used one ends, on a page that is
 * there.
 */
obj_idx zspage::pick() const noexcept
{
	return nr_ready() ? pick_ready() : next_free(obj_idx{0});
}

uint32_t zspage::take(obj_idx obj, zsm_reserve &reserve,
		      uint32_t owner) noexcept
{
	const uint32_t missing = missing_pages(obj);

	if (missing) {
		s_.populated |= static_cast<uint16_t>(missing);
		s_.nr_unready = count_unready();
	}
	for (uint32_t left = missing; left; left &= left - 1)
		pfns()[lowest_bit(left)] = reserve.pfn[--reserve.nr];
	s_.tail[raw(obj) / word_bits] |= obj_bit(obj);
	s_.nr_used++;
	owners()[raw(obj)] = owner;
	return missing;
}

void zspage::give(obj_idx obj, zsm_released &out) noexcept
{
	const auto pages = layout_.pages_of(obj);

	s_.tail[raw(obj) / word_bits] &= ~obj_bit(obj);
	s_.nr_used--;
	for (page_idx page = pages.first; page <= pages.last;
	     page = zsm::next(page)) {
		if (any_used(layout_.objs_of(page)))
			continue;
		out.pfn[out.nr++] = pfns()[raw(page)];
		s_.populated &= static_cast<uint16_t>(~page_bit(page));
	}
	if (out.nr)
		s_.nr_unready = count_unready();
}

uint32_t zspage::count_used(page_idx page) const noexcept
{
	const auto objs = layout_.objs_of(page);
	uint32_t count = 0;

	for (obj_idx obj = objs.first; obj <= objs.last; obj = zsm::next(obj))
		count += is_used(obj);
	return count;
}

page_idx zspage::emptiest_page() const noexcept
{
	uint32_t least = all_bits;
	page_idx emptiest{0};

	for (uint32_t left = s_.populated; left; left &= left - 1) {
		const page_idx page{lowest_bit(left)};
		const uint32_t used = count_used(page);

		if (used < least) {
			least = used;
			emptiest = page;
		}
	}
	return emptiest;
}

obj_idx zspage::used_on(page_idx page) const noexcept
{
	obj_idx obj = layout_.objs_of(page).first;

	while (!is_used(obj))
		obj = zsm::next(obj);
	return obj;
}

obj_idx zspage::ready_off(page_idx page) const noexcept
{
	const auto objs = layout_.objs_of(page);
	obj_idx obj = next_free(obj_idx{0});

	while (raw(obj) < layout_.nr_objs() &&
	       (missing_pages(obj) || (obj >= objs.first && obj <= objs.last)))
		obj = next_free(zsm::next(obj));
	return raw(obj) < layout_.nr_objs() ? obj : obj_idx{ZSM_MAX_OBJS};
}

obj_idx zspage::last_used() const noexcept
{
	uint32_t word = layout_.nr_words() - 1;

	while (!s_.tail[word])
		word--;
	return obj_idx{word * word_bits + highest_bit(s_.tail[word])};
}

/* Its pages are missing one by one: see pick(). */
uint32_t zspage::missing_page(obj_idx obj) const noexcept
{
	const uint32_t missing = missing_pages(obj);

	return missing ? lowest_bit(missing) : ZSM_NO_PAGE;
}

uint8_t zspage::list() const noexcept
{
	if (s_.nr_used == layout_.nr_objs())
		return ZSM_NO_LIST;

	const uint32_t fullness = layout_.fullness(s_.nr_used);

	if (nr_ready())
		return static_cast<uint8_t>(ZSM_GROWING_LISTS + fullness);
	return static_cast<uint8_t>(fullness * ZSM_GROWING_LEVELS /
				    ZSM_READY_LEVELS);
}

} /* namespace zsm */

extern "C" zsm_page_objs zsm_core_objs_on(zsm_zspage *zspage,
					  uint32_t page) noexcept
{
	const auto objs = zsm::zspage{*zspage}.objs_on(zsm::page_idx{page});

	return {raw(objs.first), raw(objs.last)};
}
