// SPDX-License-Identifier: GPL-2.0 OR MIT
// fuzz-parts: zsm/class_state zsm/class_table zsm/compaction zsm/table
// fuzz-parts: zsm/zspage tests/zsm/model tests/fuzz/heap
// fuzz-longest: 600
// fuzz-libraries: -lgtest -pthread
/*
 * Any sequence of operations on an allocator, beside a model that knows for
 * each owner nothing but the size of its object and what it last wrote to it.
 *
 * Each operation is a byte, of which the upper half chooses, and the bytes that
 * it takes; the model's verdict is a crash.
 */
#include "core/tests/fuzz/heap.hh"
#include "core/tests/fuzz/script.hh"

#include <cstring>

namespace {

/* An owner; its number is its place among the owners. */
struct object {
	uint32_t size = 0; /* 0: it has none */
	zsm_loc loc{};
	uint64_t seed = 0;
};

/* Enough for several zspages of a class, and for verifying all in no time. */
constexpr uint32_t nr_owners = 512;

class player {
public:
	void play(script &s);
	void finish();

private:
	void bytes_of(const object &o, uint8_t *to) const;
	void write(object &o);
	void verify(const object &o) const;
	void verify_all() const;
	object &choose(script &s, bool with_object);
	void alloc_some(script &s, uint32_t size);
	void free_some(uint32_t class_idx, uint32_t each);
	void alloc(object &o, uint32_t size, bool generous);
	void free(object &o);
	void resize(object &o, uint32_t size);
	void compact(uint32_t class_idx, uint32_t steps);
	void reclaim(uint32_t class_idx, uint8_t keep);
	void free_in_vain(const object &o, uint32_t obj);

	heap heap_;
	object owners_[nr_owners];
	uint64_t writes_ = 0;
};

/* What should be in the object. */
void player::bytes_of(const object &o, uint8_t *to) const
{
	model::rng r(o.seed);

	for (uint32_t i = 0; i < o.size; i += 8) {
		const uint64_t word = r.next();

		std::memcpy(to + i, &word, std::min<size_t>(8, o.size - i));
	}
}

void player::write(object &o)
{
	uint8_t bytes[ZSM_PAGE_SIZE];

	o.seed = ++writes_;
	bytes_of(o, bytes);
	heap_.write(o.loc, bytes, o.size);
}

void player::verify(const object &o) const
{
	uint8_t wanted[ZSM_PAGE_SIZE], found[ZSM_PAGE_SIZE];

	bytes_of(o, wanted);
	heap_.read(o.loc, found, o.size);
	require(!std::memcmp(wanted, found, o.size), "an object has changed");
}

void player::verify_all() const
{
	uint64_t live = 0;

	heap_.check();
	for (const object &o : owners_) {
		if (!o.size)
			continue;
		verify(o);
		live++;
	}
	require(live == heap_.nr_objects(), "more objects, or fewer");
}

/* The owner that a byte names, or the next one that is so. */
object &player::choose(script &s, bool with_object)
{
	const uint32_t first = s.byte() * (nr_owners / 256);

	for (uint32_t i = 0; i < nr_owners; i++) {
		object &o = owners_[(first + i) % nr_owners];

		if (!o.size == !with_object)
			return o;
	}
	return owners_[first];
}

void player::alloc(object &o, uint32_t size, bool generous)
{
	o.loc = heap_.alloc(size, static_cast<uint32_t>(&o - owners_),
			    generous);
	o.size = size;
	write(o);
}

/* Several of one size, which come to share zspages. */
void player::alloc_some(script &s, uint32_t size)
{
	uint32_t nr = s.byte();

	for (object &o : owners_) {
		if (!nr)
			break;
		if (!o.size) {
			alloc(o, size, false);
			nr--;
		}
	}
}

void player::free(object &o)
{
	verify(o);
	heap_.free(o.loc);
	o.size = 0;
}

/* Every so many of a class, which leaves holes. */
void player::free_some(uint32_t class_idx, uint32_t each)
{
	uint32_t nr = 0;

	for (object &o : owners_) {
		if (o.size && heap_.class_of(o.loc) == class_idx &&
		    ++nr % each == 0)
			free(o);
	}
}

/* In place within a class; else a new object, and what both have room for. */
void player::resize(object &o, uint32_t size)
{
	uint8_t bytes[ZSM_PAGE_SIZE];
	const object old = o;

	verify(o);
	if (zsm_class_of(size) != heap_.class_of(o.loc)) {
		bytes_of(old, bytes);
		alloc(o, size, false);
		heap_.read(old.loc, bytes, old.size);
		heap_.free(old.loc);
	}
	o.size = size;
	write(o);
}

void player::compact(uint32_t class_idx, uint32_t steps)
{
	const auto moved = [&](uint32_t owner, zsm_loc from, zsm_loc to) {
		require(owner < nr_owners, "an owner that there is not");
		require(owners_[owner].size &&
				zsm_loc_same(owners_[owner].loc, from),
			"another's object is moved");
		owners_[owner].loc = to;
		verify(owners_[owner]);
	};

	/* Now and then an owner refuses, and may be asked again much later. */
	while (steps-- && heap_.compact(class_idx, steps % 8 == 5, moved))
		;
	if (steps % 16 == 3)
		heap_.retry(class_idx);
}

/* An owner forgets its object, keeps it or is busy, by what the fuzzer says. */
void player::reclaim(uint32_t class_idx, uint8_t keep)
{
	uint32_t asked = 0;
	const auto ask = [&](uint32_t owner, zsm_loc loc) {
		require(owner < nr_owners, "an owner that there is not");

		object &o = owners_[owner];

		require(o.size && zsm_loc_same(o.loc, loc),
			"another's object is asked for");
		verify(o);
		if (keep >> asked++ % 7 & 1)
			return keep & 0x80 ? eviction::refused
					   : eviction::frozen;
		o.size = 0;
		return eviction::evicted;
	};
	const auto moved = [&](uint32_t owner, zsm_loc from, zsm_loc to) {
		require(zsm_loc_same(owners_[owner].loc, from),
			"another's object is moved");
		owners_[owner].loc = to;
		verify(owners_[owner]);
	};

	heap_.reclaim(class_idx, ask, moved);
}

/* Another index in the same zspage: somebody else's object, or nobody's. */
void player::free_in_vain(const object &o, uint32_t obj)
{
	const uint32_t nr = zsm_classes.rows[heap_.class_of(o.loc)].nr_objs;
	const zsm_loc loc = zsm_loc_pack(zsm_loc_id(o.loc), obj % nr);

	for (const object &other : owners_) {
		if (other.size && zsm_loc_same(other.loc, loc))
			return;
	}
	require(!heap_.try_free(loc), "what is not allocated was freed");
}

void player::play(script &s)
{
	const uint8_t op = s.byte();
	const bool full = heap_.nr_objects() == nr_owners;

	if (op < 0x40 && !full) {
		object &o = choose(s, false);

		alloc(o, s.size(), op & 1);
		return;
	}
	if (op < 0x60 && !full) {
		alloc_some(s, s.size());
		return;
	}
	if (!heap_.nr_objects())
		return;

	object &o = choose(s, true);

	if (op == 0xff)
		verify_all();
	else if (op < 0x40 || (op >= 0x60 && op < 0x80))
		free(o);
	else if (op < 0x90)
		free_some(heap_.class_of(o.loc), (op & 0xf) + 2);
	else if (op < 0xa8)
		resize(o, s.size());
	else if (op < 0xb0)
		free_in_vain(o, s.byte());
	else if (op < 0xb8)
		write(o);
	else if (op >= 0xf0)
		reclaim(heap_.class_of(o.loc), s.byte());
	else
		compact(heap_.class_of(o.loc), op & 0x3f);
}

/* Frees all, which must leave nothing. */
void player::finish()
{
	verify_all();
	for (object &o : owners_) {
		if (o.size)
			free(o);
	}
	heap_.check();
}

} /* namespace */

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	script s(data, size);
	player p;

	while (!s.done())
		p.play(s);
	p.finish();
	return 0;
}
