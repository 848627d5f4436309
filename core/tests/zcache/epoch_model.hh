/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The protocol of core/zcache/region.h, gone through in every order that two
 * writers and two readers of one block can take.
 *
 * A thread is a list of steps. A store stays in its thread's buffer until a
 * barrier or an unlock, or any moment before, and leaves the buffer in any
 * order: so every reordering of stores with later loads and stores is tried. A
 * read may return what the disk held at some moment between its start and its
 * end, and nothing else. What is in the cache when all is done is what the disk
 * holds.
 */
#ifndef ZSM_TESTS_ZCACHE_EPOCH_MODEL_HH
#define ZSM_TESTS_ZCACHE_EPOCH_MODEL_HH

#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <unordered_set>
#include <vector>

#include <gtest/gtest.h>

namespace zcache_epoch {

/* What is left out of the protocol. */
enum class fault : uint8_t {
	none,
	check_then_publish,
	no_barrier_in_write,
	no_barrier_in_fill,
	writers_noted_first,
	epoch_raised_before_writers,
	cells_emptied_before_epoch,
	writers_gone_at_submission,
	writers_not_asked,
	one_way_emptied,
	cell_read_while_locked,
	epoch_not_checked,
};

constexpr uint32_t nr_threads = 4;
constexpr uint32_t nr_writers = 2;
constexpr uint32_t nr_ways = 2;
constexpr uint8_t none = 0xff;

/* Stores that a thread's buffer may hold: a bit each. */
constexpr uint8_t store_writers = 1;
constexpr uint8_t store_epoch = 2;
constexpr uint8_t store_cell = 4;

struct thread {
	uint8_t step;
	uint8_t buffer; /* stores that nobody else sees yet */
	uint8_t way;    /* the cell at work */
	uint8_t value;  /* what store_cell will store */
	uint8_t epoch;  /* as noted */
	uint8_t writers;
	uint8_t data; /* what was read */
	uint8_t seen; /* bit v: the disk has held version v since the start */
};

struct state {
	uint8_t disk;
	uint8_t epoch;
	uint8_t writers;
	std::array<uint8_t, nr_ways> cell;
	std::array<uint8_t, nr_ways> holder;
	std::array<thread, nr_threads> threads;
};

static_assert(std::has_unique_object_representations_v<state>);

enum write_step : uint8_t {
	write_count_writer,
	write_raise_epoch,
	write_barrier,
	write_look, /* at one way, then the next */
	write_lock,
	write_empty,
	write_submit,
	write_apply,
	write_end,
	write_done,
};

enum read_step : uint8_t {
	read_start,
	read_look,
	read_lock,
	read_hit,
	read_note_epoch,
	read_note_writers,
	read_disk,
	fill_check_early,
	fill_lock,
	fill_store,
	fill_barrier,
	fill_check,
	fill_unlock,
	read_done,
};

class model {
public:
	model(fault left_out, uint8_t cached) : fault_(left_out)
	{
		state s{};

		s.cell = {cached, none};
		s.holder.fill(none);
		push(s);
	}

	/* Goes through everything; whether no block was ever stale. */
	bool run()
	{
		while (!todo_.empty() && !stale_) {
			const state s = todo_.back();

			todo_.pop_back();
			expand(s);
		}
		return !stale_;
	}

	size_t nr_states() const { return known_.size(); }
	size_t nr_ends() const { return ends_; }
	size_t nr_hits() const { return hits_; }
	size_t nr_fills() const { return fills_; }

private:
	void push(const state &s)
	{
		std::string key(sizeof(s), '\0');

		std::memcpy(key.data(), &s, sizeof(s));
		if (known_.insert(std::move(key)).second)
			todo_.push_back(s);
	}

	void expand(const state &s)
	{
		bool moved = false;

		for (uint32_t t = 0; t < nr_threads; t++) {
			for (const uint8_t store :
			     {store_writers, store_epoch, store_cell}) {
				if (!(s.threads[t].buffer & store))
					continue;
				state next = s;

				flush(next, next.threads[t], store);
				push(next);
				moved = true;
			}

			state next = s;
			const bool went =
				t < nr_writers ? write(next, t) : read(next, t);

			if (went) {
				push(next);
				moved = true;
			}
		}
		if (!moved)
			end(s);
	}

	/* Nothing goes on: all are done, and the cache holds what the disk
	 * does. */
	void end(const state &s)
	{
		ends_++;
		for (uint32_t t = 0; t < nr_threads; t++)
			ASSERT_EQ(s.threads[t].step,
				  t < nr_writers ? +write_done : +read_done)
				<< "thread " << t << " waits for ever";
		for (const uint8_t cell : s.cell)
			stale_ |= cell != none && cell != s.disk;
	}

	static void flush(state &s, thread &t, uint8_t store)
	{
		t.buffer &= static_cast<uint8_t>(~store);
		if (store == store_writers)
			s.writers++;
		else if (store == store_epoch)
			s.epoch++;
		else
			s.cell[t.way] = t.value;
	}

	static void flush_all(state &s, thread &t)
	{
		for (const uint8_t store :
		     {store_writers, store_epoch, store_cell}) {
			if (t.buffer & store)
				flush(s, t, store);
		}
	}

	bool lock(state &s, uint32_t t, uint8_t way) const
	{
		if (s.holder[way] != none)
			return false;
		s.holder[way] = static_cast<uint8_t>(t);
		return true;
	}

	static void unlock(state &s, thread &t)
	{
		flush_all(s, t);
		s.holder[t.way] = none;
	}

	/* The writer's way to the next cell, or past the last. */
	void next_way(thread &t) const
	{
		const uint32_t ways =
			fault_ == fault::one_way_emptied ? 1 : nr_ways;

		t.step = ++t.way < ways ? uint8_t{write_look} : after_cells();
	}

	uint8_t after_cells() const
	{
		return fault_ == fault::cells_emptied_before_epoch
			       ? write_count_writer
			       : write_submit;
	}

	/* A step of a writer; false if it has to wait, or is done. */
	bool write(state &s, uint32_t index)
	{
		thread &t = s.threads[index];
		const bool early = fault_ == fault::cells_emptied_before_epoch;

		switch (t.step) {
		case write_count_writer:
			if (early && t.way == 0) {
				t.step = write_look;
				return true;
			}
			t.buffer |= fault_ == fault::epoch_raised_before_writers
					    ? store_epoch
					    : store_writers;
			t.step = write_raise_epoch;
			return true;
		case write_raise_epoch:
			/* The first of the two is seen before the second. */
			if (t.buffer)
				return false;
			t.buffer |= fault_ == fault::epoch_raised_before_writers
					    ? store_writers
					    : store_epoch;
			t.step = write_barrier;
			return true;
		case write_barrier:
			if (fault_ != fault::no_barrier_in_write)
				flush_all(s, t);
			t.step = early ? write_submit : write_look;
			return true;
		case write_look:
			if (s.cell[t.way] == none)
				next_way(t);
			else
				t.step = write_lock;
			return true;
		case write_lock:
			if (!lock(s, index, t.way))
				return false;
			t.step = write_empty;
			return true;
		case write_empty:
			s.cell[t.way] = none;
			s.holder[t.way] = none;
			next_way(t);
			return true;
		case write_submit:
			/* What a device does comes after what was before it. */
			flush_all(s, t);
			if (fault_ == fault::writers_gone_at_submission)
				s.writers--;
			t.step = write_apply;
			return true;
		case write_apply:
			s.disk = static_cast<uint8_t>(index + 1);
			for (thread &reader : s.threads)
				reader.seen |=
					static_cast<uint8_t>(1u << s.disk);
			t.step = write_end;
			return true;
		case write_end:
			if (fault_ != fault::writers_gone_at_submission)
				s.writers--;
			t.step = write_done;
			return true;
		default:
			return false;
		}
	}

	/* A read ends with what it got. */
	void got(const thread &t) { stale_ |= !(t.seen >> t.data & 1); }

	/* A step of a reader; false if it has to wait, or is done. */
	bool read(state &s, uint32_t index)
	{
		thread &t = s.threads[index];

		switch (t.step) {
		case read_start:
			t.seen = static_cast<uint8_t>(1u << s.disk);
			t.step = read_look;
			return true;
		case read_look:
			for (t.way = 0; t.way < nr_ways; t.way++) {
				if (s.cell[t.way] != none)
					break;
			}
			t.step = t.way < nr_ways ? read_lock : read_note_epoch;
			return true;
		case read_lock:
			if (fault_ != fault::cell_read_while_locked &&
			    !lock(s, index, t.way))
				return false;
			t.step = read_hit;
			return true;
		case read_hit:
			t.data = s.cell[t.way];
			if (fault_ != fault::cell_read_while_locked)
				unlock(s, t);
			if (t.data == none) {
				t.step = read_note_epoch;
				return true;
			}
			hits_++;
			got(t);
			done(t);
			return true;
		default:
			return fill(s, t, index);
		}
	}

	/* What it knows is of no more use, and would only tell states apart. */
	static void done(thread &t)
	{
		t = {};
		t.step = read_done;
	}

	bool fill(state &s, thread &t, uint32_t index)
	{
		const bool writers_first = fault_ == fault::writers_noted_first;

		switch (t.step) {
		case read_note_epoch:
			(writers_first ? t.writers : t.epoch) =
				writers_first ? s.writers : s.epoch;
			t.step = read_note_writers;
			return true;
		case read_note_writers:
			(writers_first ? t.epoch : t.writers) =
				writers_first ? s.epoch : s.writers;
			t.step = read_disk;
			return true;
		case read_disk:
			t.data = s.disk;
			got(t);
			if (t.writers && fault_ != fault::writers_not_asked) {
				done(t);
				return true;
			}
			/* The reader has its data; the worker goes on. */
			t.seen = 0;
			t.writers = 0;
			t.step = fault_ == fault::check_then_publish
					 ? fill_check_early
					 : fill_lock;
			return true;
		case fill_check_early:
			if (s.epoch != t.epoch)
				done(t);
			else
				t.step = fill_lock;
			return true;
		case fill_lock:
			for (t.way = 0; t.way < nr_ways; t.way++) {
				if (s.cell[t.way] == none &&
				    s.holder[t.way] == none)
					break;
			}
			if (t.way == nr_ways) {
				done(t);
				return true;
			}
			lock(s, index, t.way);
			t.step = fill_store;
			return true;
		case fill_store:
			t.value = t.data;
			t.buffer |= store_cell;
			t.step = fill_barrier;
			return true;
		case fill_barrier:
			if (fault_ != fault::no_barrier_in_fill)
				flush_all(s, t);
			t.step =
				fault_ == fault::check_then_publish ||
						fault_ ==
							fault::epoch_not_checked
					? fill_unlock
					: fill_check;
			return true;
		case fill_check:
			if (s.epoch != t.epoch) {
				flush_all(s, t);
				t.value = none;
				t.buffer |= store_cell;
			}
			t.step = fill_unlock;
			return true;
		case fill_unlock:
			unlock(s, t);
			fills_ += t.value != none;
			done(t);
			return true;
		default:
			return false;
		}
	}

	const fault fault_;
	bool stale_ = false;
	size_t ends_ = 0;
	size_t hits_ = 0;
	size_t fills_ = 0;
	std::vector<state> todo_;
	std::unordered_set<std::string> known_;
};

} /* namespace zcache_epoch */

#endif /* ZSM_TESTS_ZCACHE_EPOCH_MODEL_HH */
