/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * How much of a CPU's time work that nobody waits for may take, and when it
 * looks for something to do.
 *
 * It works in slices, and after each of them pauses for as long as its share
 * asks for. A round passes every slot once. One that found a page is followed
 * by the next after a short rest; one that found none, by a rest of an eighth
 * of the age that pages must have, as none can come of age much sooner than
 * that.
 *
 * Pure functions; no lock.
 */
#ifndef ZRAM_CORE_DUTY_H
#define ZRAM_CORE_DUTY_H

#include "core/abi.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How long a slice is; what is begun by then is finished. */
#define ZRAM_DUTY_SLICE_NS 5000000u
/* Between two rounds at least, and at most; also after memory was short. */
#define ZRAM_DUTY_MIN_REST_MS 1000u
#define ZRAM_DUTY_MAX_REST_MS 600000u

/**
 * struct zram_duty - how far a round has come
 * @left: slots to pass until it is complete
 * @found: a page was worked on in it
 */
struct zram_duty {
	uint64_t left;
	bool found;
};

/* What ended a slice. */
enum zram_duty_end {
	ZRAM_DUTY_SLICE_OVER, /* the time, or the round, is over */
	ZRAM_DUTY_NO_MEMORY,
};

/* Begins a round of so many slots, unless one goes on. */
void zram_duty_begin(struct zram_duty *duty, uint64_t slots) ZSM_NOEXCEPT;

/**
 * zram_duty_pass() - pass slots
 * @duty: the round
 * @slots: how many
 *
 * Return: false, with the round complete, if it has fewer.
 */
bool zram_duty_pass(struct zram_duty *duty, uint64_t slots) ZSM_NOEXCEPT;

/**
 * zram_duty_pause() - how long to pause after a slice
 * @duty: the round
 * @end: what ended the slice
 * @spent_ns: time that the slice took
 * @percent: how much of a CPU's time the work may take; 1 to 100
 * @age_seconds: how old pages must be
 *
 * Return: milliseconds.
 */
uint64_t zram_duty_pause(const struct zram_duty *duty, enum zram_duty_end end,
			 uint64_t spent_ns, uint32_t percent,
			 uint64_t age_seconds) ZSM_NOEXCEPT;

#ifdef __cplusplus
}
#endif

#endif /* ZRAM_CORE_DUTY_H */
