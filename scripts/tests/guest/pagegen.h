/* SPDX-License-Identifier: GPL-2.0 */
/*
 * pagegen: test pages that say what is wrong with them.
 *
 * A page made here carries its own number and its generation (how often it was
 * written), and a hash of everything. Its maker keeps a *note* of 64 bits, with
 * which page_check() not only tells a good page from a bad one, but also a bad
 * one that lost its contents from one that went back in time, one that belongs
 * elsewhere, and one whose bytes are damaged.
 *
 * Kinds that leave no room for a stamp (zeroes, one word repeated) are compared
 * word by word; a word that is not a well-known one spells number and generation.
 */
#ifndef PAGEGEN_H
#define PAGEGEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum page_kind {
	PAGE_ZERO,	/* zeroes */
	PAGE_FILL,	/* one 64-bit word repeated */
	PAGE_RANDOM,	/* stamped; does not compress */
	PAGE_REAL,	/* stamped; the rest is a program's memory */
};

enum page_verdict {
	PAGE_GOOD,
	PAGE_LOST,	/* zeroes, where something else was stored */
	PAGE_STALE,	/* what this page held in an earlier generation */
	PAGE_MISPLACED,	/* what another page holds or held */
	PAGE_CORRUPT,	/* nothing that was ever stored */
	PAGE_UNREADABLE,	/* for callers: an I/O error in place of data */
	PAGE_VERDICTS
};

/* What the maker of a page remembers: kind, generation, 48 bits of hash. */
typedef uint64_t page_note_t;

extern const char *const page_verdict_name[PAGE_VERDICTS];

/* Bytes in a page here, the machine's own by default. */
extern size_t page_bytes;

/* One step of a pseudo-random sequence; any state will do as a seed. */
uint64_t page_rand(uint64_t *state);

/* A number's pseudo-random image. */
uint64_t page_mix(uint64_t x);

/*
 * The kind of a new page: @real in a hundred are PAGE_REAL, the others are
 * divided evenly.
 */
enum page_kind page_choose(uint64_t rnd, unsigned int real);

/*
 * Makes page @nr. A PAGE_REAL page gets its body from @body, or keeps what is in
 * @page but for a few words if @body is NULL. Generations count modulo 256.
 */
page_note_t page_make(void *page, uint64_t nr, unsigned int gen,
		      enum page_kind kind, const void *body, uint64_t seed);

enum page_verdict page_check(const void *page, uint64_t nr, page_note_t note);

static inline enum page_kind page_note_kind(page_note_t note)
{
	return note & 0xff;
}

static inline unsigned int page_note_gen(page_note_t note)
{
	return note >> 8 & 0xff;
}

#endif /* PAGEGEN_H */
