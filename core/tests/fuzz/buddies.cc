// SPDX-License-Identifier: GPL-2.0 OR MIT
// fuzz-parts: kinds/buddies
// fuzz-longest: 600
/*
 * Any sequence of operations on a pool of pairs or triples, beside a model that
 * knows for each owner how many granules its object has and what it last wrote
 * to them. Bytes are copied as the kernel's side does: what slides or moves to
 * a wrong place, or is laid over something else, shows in what is read back.
 *
 * The first byte of the input chooses the kind. Then each operation is a byte
 * and the bytes that it takes; the model's verdict is a crash.
 */
#include "core/kinds/buddies.h"
#include "core/tests/fuzz/script.hh"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <vector>

namespace {

void require(bool good, const char *what)
{
	if (good)
		return;
	std::fprintf(stderr, "the allocator is wrong: %s\n", what);
	std::abort();
}

/* An owner; its number is its place among the owners. */
struct object {
	uint32_t granules = 0; /* 0: it has none */
	uint32_t id = 0;
	uint32_t which = 0;
	uint32_t written = 0;
};

constexpr uint32_t nr_owners = 256;

/* A page, and of each granule what was last written to it. */
struct sheet {
	zsm_buddy_page state{};
	uint32_t granules[ZSM_PAGE_GRANULES]{};
};

class player {
public:
	explicit player(uint8_t kind)
	{
		pool_.per_page = kind & 1 ? 2 : 3;
		pool_.slides = !(kind & 2);
	}

	void play(script &s);
	void finish();

private:
	uint32_t *bytes_of(const object &o)
	{
		sheet &page = *pages_.at(o.id);

		return &page.granules[page.state.first[o.which]];
	}

	object &choose(script &s, bool with_object);
	void write(object &o);
	void verify(const object &o);
	bool find(uint32_t granules, uint32_t refusals, zsm_placing &p);
	void alloc(object &o, uint32_t granules, uint32_t refusals);
	void free(object &o);
	void resize(object &o, uint32_t granules);
	void free_in_vain(const object &o, uint32_t which);
	void compact();
	void hold();
	void release();
	void check();

	zsm_buddies pool_{};
	std::map<uint32_t, std::unique_ptr<sheet>> pages_;
	std::vector<uint32_t> held_;
	object owners_[nr_owners];
	uint32_t next_id_ = 0;
	uint32_t writes_ = 0;
	uint32_t nr_objects_ = 0;
};

/* The owner that a byte names, or the next one that is so. */
object &player::choose(script &s, bool with_object)
{
	const uint32_t first = s.byte();

	for (uint32_t i = 0; i < nr_owners; i++) {
		object &o = owners_[(first + i) % nr_owners];

		if (!o.granules == !with_object)
			return o;
	}
	std::abort();
}

void player::write(object &o)
{
	o.written = ++writes_;
	for (uint32_t i = 0; i < o.granules; i++)
		bytes_of(o)[i] = o.written * ZSM_PAGE_GRANULES + i;
}

void player::verify(const object &o)
{
	const zsm_buddy_page &page = pages_.at(o.id)->state;

	require(zsm_buddy_is_used(&page, o.which), "an object is gone");
	require(&owners_[page.owners[o.which]] == &o, "another's object");
	require(zsm_buddy_size(&page, o.which) == o.granules * ZSM_GRANULE,
		"an object's size has changed");
	for (uint32_t i = 0; i < o.granules; i++)
		require(bytes_of(o)[i] == o.written * ZSM_PAGE_GRANULES + i,
			"an object has changed");
}

/* As the kernel's side asks: again with the next page where an owner refuses a
 * slide. */
bool player::find(uint32_t granules, uint32_t refusals, zsm_placing &p)
{
	const zsm_buddy_page *after = nullptr;

	while (zsm_core_buddies_pick(&pool_, granules, after, &p)) {
		require(p.granules == granules, "another size");
		if (!p.slides || !refusals)
			return true;
		refusals--;
		after = p.page;
	}
	return false;
}

void player::alloc(object &o, uint32_t granules, uint32_t refusals)
{
	const auto owner = static_cast<uint32_t>(&o - owners_);
	zsm_placing p{};

	if (find(granules, refusals, p)) {
		sheet &page = *pages_.at(p.page->id);

		if (p.slides)
			std::memmove(&page.granules[p.slid_to],
				     &page.granules[p.page->first[p.slid]],
				     zsm_buddy_size(p.page, p.slid) /
					     ZSM_GRANULE * sizeof(uint32_t));
		zsm_core_buddies_place(&pool_, &p, owner);
	} else {
		auto fresh = std::make_unique<sheet>();

		p.page = &fresh->state;
		p.page->id = next_id_++;
		pages_.emplace(p.page->id, std::move(fresh));
		p.which = zsm_core_buddies_add(&pool_, p.page, granules, owner);
	}
	o.id = p.page->id;
	o.which = p.which;
	o.granules = granules;
	nr_objects_++;
	write(o);
}

void player::free(object &o)
{
	verify(o);
	if (zsm_core_buddies_free(&pool_, &pages_.at(o.id)->state, o.which) ==
	    ZSM_BUDDY_FREED_PAGE)
		pages_.erase(o.id);
	o.granules = 0;
	nr_objects_--;
}

void player::resize(object &o, uint32_t granules)
{
	verify(o);
	if (!zsm_core_buddies_resize(&pool_, &pages_.at(o.id)->state, o.which,
				     granules))
		return;
	o.granules = granules;
	write(o);
}

void player::free_in_vain(const object &o, uint32_t which)
{
	zsm_buddy_page &page = pages_.at(o.id)->state;

	if (which < pool_.per_page && zsm_buddy_is_used(&page, which))
		return;
	require(zsm_core_buddies_free(&pool_, &page, which) ==
			ZSM_BUDDY_NOT_ALLOCATED,
		"what is not allocated was freed");
}

void player::compact()
{
	zsm_buddy_move move{};

	if (zsm_core_buddies_pick_move(&pool_, &move) != ZSM_BUDDY_MOVE)
		return;

	object &o = owners_[move.from->owners[move.which]];

	verify(o);
	if (o.granules % 8 == 0) {
		zsm_core_buddies_pass_over(&pool_, &move);
		return;
	}
	require(o.id == move.from->id && o.which == move.which,
		"another's object is moved");
	std::memcpy(&pages_.at(move.to.page->id)->granules[move.to.first],
		    bytes_of(o), o.granules * sizeof(uint32_t));
	if (zsm_core_buddies_move(&pool_, &move) == ZSM_BUDDY_FREED_PAGE)
		pages_.erase(o.id);
	o.id = move.to.page->id;
	o.which = move.to.which;
	verify(o);
}

void player::hold()
{
	if (const zsm_buddy_page *page = zsm_core_buddies_hold(&pool_))
		held_.push_back(page->id);
	else
		require(held_.size() == pages_.size(), "a page is not found");
}

void player::release()
{
	if (held_.empty())
		return;

	const uint32_t id = held_.back();

	held_.pop_back();
	if (zsm_core_buddies_release(&pool_, &pages_.at(id)->state) ==
	    ZSM_BUDDY_FREED_PAGE)
		pages_.erase(id);
}

void player::check()
{
	uint32_t live = 0;
	uint64_t granules = 0;

	for (const object &o : owners_) {
		if (!o.granules)
			continue;
		verify(o);
		live++;
		granules += o.granules;
	}
	require(live == nr_objects_ && live == pool_.nr_used,
		"more objects, or fewer");
	require(granules == pool_.nr_granules, "more granules, or fewer");
	require(pages_.size() == pool_.nr_pages, "more pages, or fewer");
}

void player::play(script &s)
{
	const uint8_t op = s.byte();

	if (op < 0x70 && nr_objects_ < nr_owners) {
		object &o = choose(s, false);

		alloc(o, s.byte() + 1u, op & 3);
		return;
	}
	if (op >= 0xf0)
		op & 1 ? hold() : release();
	if (op >= 0xf0 || !nr_objects_)
		return;

	object &o = choose(s, true);

	if (op == 0xef)
		check();
	else if (op < 0xb0)
		free(o);
	else if (op < 0xc0)
		resize(o, s.byte() + 1u);
	else if (op < 0xd0)
		free_in_vain(o, s.byte());
	else if (op < 0xe0)
		compact();
	else
		write(o);
}

/* Frees all, which must leave nothing. */
void player::finish()
{
	check();
	for (object &o : owners_) {
		if (o.granules)
			free(o);
	}
	while (!held_.empty())
		release();
	check();
	require(!pool_.oldest && !pool_.newest, "a page is left");
}

} /* namespace */

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	script s(data, size);
	player p{s.byte()};

	while (!s.done())
		p.play(s);
	p.finish();
	return 0;
}
