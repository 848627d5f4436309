// SPDX-License-Identifier: GPL-2.0
/* pagegen: test pages that say what is wrong with them; see pagegen.h. */
#include <string.h>

#include "pagegen.h"

#define NR_BITS		40
#define NR_MASK		((1ULL << NR_BITS) - 1)
#define STAMP_TAG	0x5a6dULL	/* the high 16 bits of an identity */
#define FILL_KEY	0x1d872b41c9e53f06ULL

/*
 * The head of a page that has room for one. @hash covers @ident and the rest of
 * the page.
 */
struct stamp {
	uint64_t ident;
	uint64_t hash;
};

const char *const page_verdict_name[PAGE_VERDICTS] = {
	[PAGE_GOOD] = "good",
	[PAGE_LOST] = "lost",
	[PAGE_STALE] = "stale",
	[PAGE_MISPLACED] = "misplaced",
	[PAGE_CORRUPT] = "corrupt",
	[PAGE_UNREADABLE] = "unreadable",
};

size_t page_bytes = 4096;

uint64_t page_mix(uint64_t x)
{
	x ^= x >> 32;
	x *= 0xd6e8feb86659fd93ULL;
	x ^= x >> 32;
	x *= 0xd6e8feb86659fd93ULL;
	return x ^ x >> 32;
}

uint64_t page_rand(uint64_t *state)
{
	*state += 0x9e3779b97f4a7c15ULL;
	return page_mix(*state);
}

static size_t page_words(void)
{
	return page_bytes / sizeof(uint64_t);
}

/* Who a page is: its number, its generation, and a mark that it is a page. */
static uint64_t ident_make(uint64_t nr, unsigned int gen)
{
	return STAMP_TAG << 48 | (uint64_t)(gen & 0xff) << NR_BITS |
	       (nr & NR_MASK);
}

static bool ident_valid(uint64_t ident)
{
	return ident >> 48 == STAMP_TAG;
}

static uint64_t hash_words(const uint64_t *p, size_t n, uint64_t h)
{
	uint64_t a = h, b = ~h;
	size_t i;

	for (i = 0; i + 1 < n; i += 2) {
		a = (a ^ p[i]) * 0x9e3779b97f4a7c15ULL;
		b = (b ^ p[i + 1]) * 0xc2b2ae3d27d4eb4fULL;
		a ^= a >> 29;
		b ^= b >> 31;
	}
	return page_mix(a) ^ b;
}

static uint64_t page_hash(const void *page)
{
	const struct stamp *stamp = page;
	const size_t skip = sizeof(*stamp) / sizeof(uint64_t);

	return hash_words((const uint64_t *)page + skip, page_words() - skip,
			  stamp->ident);
}

/* The word of a PAGE_FILL page. */
static uint64_t fill_word(uint64_t nr, unsigned int gen)
{
	uint64_t r = page_mix(nr << 8 | (gen & 0xff));

	switch (r % 8) {
	case 0:
		return ~0ULL;
	case 1:			/* 32 bits twice */
		return (r >> 32) << 32 | r >> 32;
	case 2:			/* like a pointer of the kernel's */
		return 0xffff888000000000ULL | (r >> 24 & ~0xfULL);
	case 3:			/* like a pointer of a program's */
		return 0x00007f0000000000ULL | (r >> 24 & ~0xfULL);
	case 4:
		return 0x3ff0000000000000ULL;	/* 1.0 */
	case 5:			/* one byte eight times */
		return (r >> 56 | 1) * 0x0101010101010101ULL;
	default:
		return ident_make(nr, gen) ^ FILL_KEY;
	}
}

static void fill_page(void *page, uint64_t word)
{
	uint64_t *p = page;
	size_t i;

	for (i = 0; i < page_words(); i++)
		p[i] = word;
}

static bool is_filled(const void *page, uint64_t word)
{
	const uint64_t *p = page;
	size_t i;

	for (i = 0; i < page_words(); i++)
		if (p[i] != word)
			return false;
	return true;
}

static void randomise_page(void *page, uint64_t seed)
{
	uint64_t *p = page;
	size_t i;

	for (i = 0; i < page_words(); i++)
		p[i] = page_rand(&seed);
}

/* Changes up to 64 words, so that the compressed size changes as well. */
static void disturb_page(void *page, uint64_t seed)
{
	uint64_t *p = page;
	unsigned int n = page_rand(&seed) % 64 + 1;

	while (n--) {
		uint64_t r = page_rand(&seed);

		p[r % page_words()] = r >> (r & 0x3f);
	}
}

enum page_kind page_choose(uint64_t rnd, unsigned int real)
{
	if (rnd % 100 < real)
		return PAGE_REAL;
	return page_mix(rnd) % PAGE_REAL;
}

page_note_t page_make(void *page, uint64_t nr, unsigned int gen,
		      enum page_kind kind, const void *body, uint64_t seed)
{
	struct stamp *stamp = page;
	page_note_t note = (gen & 0xff) << 8 | kind;

	seed = page_mix(seed ^ page_mix(nr << 8 | (gen & 0xff)));
	switch (kind) {
	case PAGE_ZERO:
		memset(page, 0, page_bytes);
		return note;
	case PAGE_FILL:
		fill_page(page, fill_word(nr, gen));
		return note;
	case PAGE_RANDOM:
		randomise_page(page, seed);
		break;
	case PAGE_REAL:
		if (body)
			memcpy(page, body, page_bytes);
		else
			disturb_page(page, seed);
		break;
	}
	stamp->ident = ident_make(nr, gen);
	stamp->hash = page_hash(page);
	return stamp->hash << 16 | note;
}

static bool page_is_good(const void *page, uint64_t nr, page_note_t note)
{
	const unsigned int gen = page_note_gen(note);
	const struct stamp *stamp = page;

	switch (page_note_kind(note)) {
	case PAGE_ZERO:
		return is_filled(page, 0);
	case PAGE_FILL:
		return is_filled(page, fill_word(nr, gen));
	default:
		return stamp->ident == ident_make(nr, gen) &&
		       stamp->hash << 16 >> 16 == note >> 16 &&
		       page_hash(page) == stamp->hash;
	}
}

/* Whose page this is, if it is anybody's undamaged one. */
static bool page_identify(const void *page, uint64_t *ident)
{
	const struct stamp *stamp = page;

	if (ident_valid(stamp->ident) && page_hash(page) == stamp->hash) {
		*ident = stamp->ident;
		return true;
	}
	*ident = stamp->ident ^ FILL_KEY;
	return ident_valid(*ident) && is_filled(page, stamp->ident);
}

enum page_verdict page_check(const void *page, uint64_t nr, page_note_t note)
{
	uint64_t ident;

	if (page_is_good(page, nr, note))
		return PAGE_GOOD;
	if (is_filled(page, 0))
		return PAGE_LOST;
	if (!page_identify(page, &ident))
		return PAGE_CORRUPT;
	if ((ident & NR_MASK) != (nr & NR_MASK))
		return PAGE_MISPLACED;
	if ((ident >> NR_BITS & 0xff) < page_note_gen(note))
		return PAGE_STALE;
	return PAGE_CORRUPT;
}
