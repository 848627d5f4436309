// SPDX-License-Identifier: GPL-2.0
/* pagegen_test: damages pages in every way, and expects each to be told. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pagegen.h"

#define NR	12345

static uint64_t page[512], body[512], old[512], other[512];
static unsigned int failures;

static void expect(const char *what, page_note_t note, enum page_verdict want)
{
	enum page_verdict got = page_check(page, NR, note);

	if (got == want)
		return;
	failures++;
	printf("%s: a %s page (kind %u) passes for %s\n", what,
	       page_verdict_name[want], page_note_kind(note),
	       page_verdict_name[got]);
}

/* Pages that spell out their number can be placed, the others are just wrong. */
static bool tells_itself(const void *p)
{
	const uint64_t *w = p;

	return memcmp(w, w + 1, sizeof(page) - sizeof(*w)) ||
	       (w[0] ^ 0x1d872b41c9e53f06ULL) >> 48 == 0x5a6d;
}

static void test_kind(enum page_kind kind, unsigned int gen)
{
	page_note_t note;
	unsigned int bit;

	page_make(old, NR, gen - 1, kind, body, 1);
	page_make(other, NR + 1, gen, kind, body, 1);
	note = page_make(page, NR, gen, kind, body, 1);
	expect("intact", note, PAGE_GOOD);
	if (memcmp(page, old, sizeof(page))) {
		memcpy(page, old, sizeof(page));
		expect("older", note,
		       tells_itself(old) ? PAGE_STALE : PAGE_CORRUPT);
	}
	if (kind != PAGE_ZERO) {
		memset(page, 0, sizeof(page));
		expect("zeroed", note, PAGE_LOST);
	}
	memcpy(page, other, sizeof(page));
	if (tells_itself(other))
		expect("other", note, PAGE_MISPLACED);
	for (bit = 0; bit < 8 * sizeof(page); bit += 61) {
		page_make(page, NR, gen, kind, body, 1);
		page[bit / 64] ^= 1ULL << bit % 64;
		expect("one bit flipped", note, PAGE_CORRUPT);
	}
}

static void test_disturbed(void)
{
	page_note_t note;

	page_make(page, NR, 1, PAGE_REAL, body, 1);
	note = page_make(page, NR, 2, PAGE_REAL, NULL, 1);
	expect("rewritten in place", note, PAGE_GOOD);
	if (!memcmp(page, body, sizeof(page))) {
		failures++;
		printf("rewriting changed nothing\n");
	}
}

int main(void)
{
	uint64_t rnd = 1;
	unsigned int i;

	page_bytes = sizeof(page);
	for (i = 0; i < 512; i++)
		body[i] = page_rand(&rnd) >> 40;
	for (i = 2; i < 100; i++) {
		test_kind(PAGE_ZERO, i);
		test_kind(PAGE_FILL, i);
		test_kind(PAGE_RANDOM, i);
		test_kind(PAGE_REAL, i);
	}
	test_disturbed();
	printf("pagegen_test: %u failures\n", failures);
	return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}
