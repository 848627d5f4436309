// SPDX-License-Identifier: GPL-2.0 OR MIT
#include "core/zram/log.h"

namespace {

/* Segments that are looked at in one step of a search. */
constexpr uint32_t search_step = 1024;

void set_state(zram_log &log, zram_segment &segment,
	       zram_segment_state state) noexcept
{
	log.nr_in[segment.state]--;
	log.nr_in[state]++;
	segment.state = state;
}

/* Puts a segment that has nothing in use into the list of a state. */
void push(zram_log &log, uint32_t index, zram_segment_state state) noexcept
{
	zram_segment &segment = log.segments[index];

	set_state(log, segment, state);
	segment.live = log.first[state];
	log.first[state] = index;
}

uint32_t pop(zram_log &log, zram_segment_state state) noexcept
{
	const uint32_t index = log.first[state];

	log.first[state] = log.segments[index].live;
	log.segments[index].live = 0;
	return index;
}

/* Moves a whole list to another state. */
void move_all(zram_log &log, zram_segment_state from,
	      zram_segment_state to) noexcept
{
	while (log.first[from])
		push(log, pop(log, from), to);
}

/* A segment that is no longer open or cleaned. */
void close(zram_log &log, uint32_t index) noexcept
{
	zram_segment &segment = log.segments[index];

	if (segment.live)
		set_state(log, segment, ZRAM_SEGMENT_CLOSED);
	else
		push(log, index, ZRAM_SEGMENT_EMPTY);
}

void open(zram_log &log, zram_log_head &head) noexcept
{
	const uint32_t index = pop(log, ZRAM_SEGMENT_FREE);

	set_state(log, log.segments[index], ZRAM_SEGMENT_OPEN);
	log.segments[index].turn++;
	head.segment = index;
	head.block = 0;
}

void leave(zram_log &log, zram_log_head &head) noexcept
{
	close(log, head.segment);
	head.segment = ZRAM_NO_SEGMENT;
}

bool has_room(const zram_log_head &head) noexcept
{
	return head.segment &&
	       ZRAM_LOG_SEGMENT_BLOCKS - head.block >= ZRAM_LOG_ENTRY_BLOCKS;
}

/* Segments that are free, or will be when readers are gone. */
uint32_t coming(const zram_log &log) noexcept
{
	return log.nr_in[ZRAM_SEGMENT_EMPTY] + log.nr_in[ZRAM_SEGMENT_DRAINING];
}

bool filled(const zram_log &log) noexcept
{
	const uint64_t usable = uint64_t{log.nr - log.nr_in[ZRAM_SEGMENT_BAD]} *
				ZRAM_LOG_SEGMENT_GRANULES;

	return log.live > usable / 100 * ZRAM_LOG_FILL_PERCENT;
}

bool wants_cleaning(const zram_log &log) noexcept
{
	const uint32_t free = log.nr_in[ZRAM_SEGMENT_FREE];

	if (free <= ZRAM_LOG_RESERVE)
		return !coming(log);
	return log.turns && uint64_t{free + coming(log)} * 100 <
				    uint64_t{log.nr} * ZRAM_LOG_FREE_PERCENT;
}

/* The stream needs a segment, and leaves others so many. */
zram_log_verdict open_next(zram_log &log, zram_log_head &head,
			   uint32_t leave_free) noexcept
{
	if (log.nr_in[ZRAM_SEGMENT_FREE] > leave_free) {
		open(log, head);
		return ZRAM_LOG_READY;
	}
	return coming(log) ? ZRAM_LOG_WAIT : ZRAM_LOG_FULL;
}

bool may_clean(const zram_segment &segment) noexcept
{
	return segment.state == ZRAM_SEGMENT_CLOSED &&
	       segment.live <=
		       ZRAM_LOG_SEGMENT_GRANULES / 100 * ZRAM_LOG_CLEAN_PERCENT;
}

} /* namespace */

void zram_log_init(zram_log *log, zram_segment *segments,
		   uint32_t nr) ZSM_NOEXCEPT
{
	*log = zram_log{};
	log->segments = segments;
	log->nr = nr;
	log->nr_in[ZRAM_SEGMENT_FREE] = nr;
	set_state(*log, segments[0], ZRAM_SEGMENT_BAD);
	/* The lowest are used first. */
	for (uint32_t index = nr; --index;)
		push(*log, index, ZRAM_SEGMENT_FREE);
}

zram_log_verdict zram_log_room(zram_log *log, zram_log_stream stream,
			       bool cleanable) ZSM_NOEXCEPT
{
	zram_log_head &head = log->heads[stream];
	zram_log_verdict verdict;

	if (stream == ZRAM_LOG_NEW && filled(*log))
		return ZRAM_LOG_FULL;
	if (has_room(head))
		return ZRAM_LOG_READY;
	if (head.segment)
		leave(*log, head);
	if (stream == ZRAM_LOG_MOVED)
		return open_next(*log, head, 0);
	if (cleanable && wants_cleaning(*log))
		return ZRAM_LOG_CLEAN;
	verdict = open_next(*log, head, ZRAM_LOG_RESERVE);
	if (verdict == ZRAM_LOG_READY)
		log->turns = ZRAM_LOG_CLEAN_TURNS;
	return verdict;
}

void zram_log_wrote(zram_log *log, zram_log_stream stream,
		    uint32_t blocks) ZSM_NOEXCEPT
{
	log->heads[stream].block += blocks;
}

void zram_log_add(zram_log *log, uint32_t segment,
		  uint32_t granules) ZSM_NOEXCEPT
{
	log->segments[segment].live += granules;
	log->live += granules;
}

void zram_log_drop(zram_log *log, uint32_t segment,
		   uint32_t granules) ZSM_NOEXCEPT
{
	zram_segment &s = log->segments[segment];

	s.live -= granules;
	log->live -= granules;
	if (!s.live && s.state == ZRAM_SEGMENT_CLOSED)
		close(*log, segment);
}

bool zram_log_drain(zram_log *log) ZSM_NOEXCEPT
{
	move_all(*log, ZRAM_SEGMENT_EMPTY, ZRAM_SEGMENT_DRAINING);
	return log->nr_in[ZRAM_SEGMENT_DRAINING];
}

void zram_log_drained(zram_log *log) ZSM_NOEXCEPT
{
	move_all(*log, ZRAM_SEGMENT_DRAINING, ZRAM_SEGMENT_FREE);
}

bool zram_log_search_step(const zram_log *log,
			  zram_log_search *search) ZSM_NOEXCEPT
{
	for (uint32_t i = 0; i < search_step && search->next < log->nr; i++) {
		const uint32_t index = search->next++;
		const zram_segment &segment = log->segments[index];

		if (!may_clean(segment) ||
		    (search->best && segment.live >= search->live))
			continue;
		search->best = index;
		search->live = segment.live;
	}
	return search->next < log->nr;
}

bool zram_log_clean(zram_log *log, uint32_t segment) ZSM_NOEXCEPT
{
	if (!may_clean(log->segments[segment]))
		return false;
	set_state(*log, log->segments[segment], ZRAM_SEGMENT_CLEANING);
	if (log->turns)
		log->turns--;
	return true;
}

void zram_log_cleaned(zram_log *log, uint32_t segment, bool junk) ZSM_NOEXCEPT
{
	if (junk)
		set_state(*log, log->segments[segment], ZRAM_SEGMENT_BAD);
	else
		close(*log, segment);
}

void zram_log_fail(zram_log *log, uint32_t segment) ZSM_NOEXCEPT
{
	zram_segment &s = log->segments[segment];

	for (zram_log_head &head : log->heads) {
		if (head.segment == segment)
			head.segment = ZRAM_NO_SEGMENT;
	}
	/* Its last entry may have been dropped meanwhile: then it is tried
	 * again. */
	if (s.state == ZRAM_SEGMENT_OPEN || s.state == ZRAM_SEGMENT_CLOSED)
		set_state(*log, s, ZRAM_SEGMENT_BAD);
}

void zram_log_forgive(zram_log *log) ZSM_NOEXCEPT
{
	for (uint32_t index = 1; index < log->nr; index++) {
		const zram_segment &segment = log->segments[index];

		if (segment.state == ZRAM_SEGMENT_BAD && !segment.live)
			push(*log, index, ZRAM_SEGMENT_EMPTY);
	}
}
