/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * When pages are written back without being asked for, how many, and what a write
 * that finds no room may wait for.
 *
 * There are three reasons, of which the first that holds counts:
 *
 *   limit     more than writeback_high percent of mem_limit are used, or were and
 *             not yet less than writeback_low, or a write found no room: the oldest
 *             pages, whatever their age
 *   pressure  the kernel is short of memory: pages as old as the refault controller
 *             says
 *   age       the device is at rest: pages that have not been used for writeback_age
 *
 * Pure functions; no lock.
 */
#ifndef ZRAM_CORE_TRIGGER_H
#define ZRAM_CORE_TRIGGER_H

#include "core/abi.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- What the worker does ----------------------------------------------- */

enum zram_trigger_state {
	ZRAM_TIER_OFF,		/* writeback_auto is 0 */
	ZRAM_TIER_IDLE,		/* there is no reason to write */
	ZRAM_TIER_WRITING,	/* pages are being written */
	ZRAM_TIER_YOUNG,	/* there is a reason, and no page that is old enough */
	ZRAM_TIER_SPENT,	/* the quota is spent */
	ZRAM_TIER_FULL,		/* the backing device is full */
	ZRAM_TIER_FAILED,	/* writes have failed: writeback_auto was set to 0 */
};

/* What a round of writing came to. */
enum zram_trigger_outcome {
	ZRAM_TIER_WROTE,	/* pages were written, and there are more */
	ZRAM_TIER_NO_PAGE,	/* no page is old enough */
	ZRAM_TIER_NO_QUOTA,
	ZRAM_TIER_NO_ROOM,
	ZRAM_TIER_ERROR,	/* all that was written failed */
};

/* So many rounds in a row that fail switch the worker off. */
#define ZRAM_TIER_MAX_FAILURES 3u

/**
 * struct zram_trigger - what there is to remember
 * @state: what the worker does
 * @failures: rounds that failed since one that did not
 * @above: more than writeback_high was used, and not yet less than writeback_low
 */
struct zram_trigger {
	enum zram_trigger_state state;
	uint32_t failures;
	bool above;
};

/* ---- Why ---------------------------------------------------------------- */

enum zram_trigger_reason {
	ZRAM_TIER_NOTHING,
	ZRAM_TIER_LIMIT,
	ZRAM_TIER_PRESSURE,
	ZRAM_TIER_AGE,
};

/**
 * struct zram_trigger_facts - what the decision depends on
 * @used: bytes that the device takes
 * @limit: mem_limit, or 0
 * @high: percent of it; 1 to 100
 * @low: percent of it; counts as one less than @high if it is not less
 * @refused: a write exceeded the limit since the last decision
 * @stored_pages: pages with an object
 * @stored_bytes: what these take
 * @pressure_pages: pages of memory that the kernel is short of
 * @min_age: what the refault controller says
 * @at_rest: there was no I/O for a second, and writeback_age is set
 */
struct zram_trigger_facts {
	uint64_t used;
	uint64_t limit;
	uint32_t high;
	uint32_t low;
	bool refused;
	uint64_t stored_pages;
	uint64_t stored_bytes;
	uint64_t pressure_pages;
	uint32_t min_age;
	bool at_rest;
};

/**
 * struct zram_trigger_goal - what to do
 * @reason: why; ZRAM_TIER_NOTHING: nothing
 * @pages: how many pages to write; UINT64_MAX: all that are old enough
 * @min_age: of what age at least, in generations. With ZRAM_TIER_AGE it is up to
 *	writeback_age alone.
 */
struct zram_trigger_goal {
	enum zram_trigger_reason reason;
	uint64_t pages;
	uint32_t min_age;
};

/**
 * zram_trigger_decide() - whether to write pages, and which
 * @trigger: what there is to remember
 * @facts: how things are
 *
 * Return: what to do.
 */
struct zram_trigger_goal
zram_trigger_decide(struct zram_trigger *trigger,
		    const struct zram_trigger_facts *facts) ZSM_NOEXCEPT;

/* Bytes beyond which the worker is wanted; UINT64_MAX without a limit. */
uint64_t zram_trigger_high_bytes(uint64_t limit, uint32_t high) ZSM_NOEXCEPT;

/**
 * zram_trigger_start() - begin, with nothing to remember
 * @trigger: what there is to remember
 * @on: whether writeback_auto is set
 */
void zram_trigger_start(struct zram_trigger *trigger, bool on) ZSM_NOEXCEPT;

/* There is nothing to do: zram_trigger_decide() said so. */
void zram_trigger_rest(struct zram_trigger *trigger) ZSM_NOEXCEPT;

/**
 * zram_trigger_note() - learn what a round of writing came to
 * @trigger: what there is to remember
 * @outcome: what it came to
 *
 * Return: how many milliseconds the worker should leave until the next round; 0 to go
 *	on at once. If @trigger is then ZRAM_TIER_FAILED there is none.
 */
uint32_t zram_trigger_note(struct zram_trigger *trigger,
			   enum zram_trigger_outcome outcome) ZSM_NOEXCEPT;

/* ---- A write that finds no room ----------------------------------------- */

/*
 * How long it may wait. Cards and sticks of flash stop for some hundred milliseconds when
 * they erase, and a run of the worker itself takes a part of that: a device that keeps up
 * on the whole must not make a write fail. Reclaim sleeps as long where pages are being
 * written to slow devices. Where nothing is written meanwhile only the first write waits.
 */
#define ZRAM_TIER_WAIT_MS 1000u

/**
 * struct zram_patience - what waiting was good for
 * @in_vain: a writer waited for all of the time, and nothing was written meanwhile
 * @progress: pages that had been written by then
 */
struct zram_patience {
	bool in_vain;
	uint64_t progress;
};

/**
 * zram_may_wait() - whether a write that exceeds mem_limit should wait
 * @patience: what waiting was good for
 * @state: what the worker does
 * @progress: pages that have been written back so far
 *
 * Where the worker cannot write, or seems to hang, writes fail at once, rather than
 * each of them after a time.
 *
 * Return: whether it should.
 */
bool zram_may_wait(const struct zram_patience *patience,
		   enum zram_trigger_state state, uint64_t progress) ZSM_NOEXCEPT;

/**
 * zram_waited_in_vain() - tell that a write waited for all of the time, and failed
 * @patience: what waiting was good for
 * @before: pages that had been written back when it began
 * @progress: pages that have been written back so far
 */
void zram_waited_in_vain(struct zram_patience *patience, uint64_t before,
			 uint64_t progress) ZSM_NOEXCEPT;

#ifdef __cplusplus
}
#endif

#endif /* ZRAM_CORE_TRIGGER_H */
