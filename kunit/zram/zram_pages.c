// SPDX-License-Identifier: GPL-2.0
/* Pages of several kinds. See zram_kunit.h. */
#include <linux/mm.h>
#include <linux/prandom.h>
#include <linux/string.h>

#include "kunit/zram/zram_kunit.h"

void page_fill(void *page, u64 value)
{
	memset64(page, value, PAGE_SIZE / sizeof(value));
}

void page_make_zero(void *page, u32 seed)
{
	memset(page, 0, PAGE_SIZE);
}

static void page_make_repeating(void *page, u32 seed)
{
	u64 *words = page;
	unsigned int i;

	for (i = 0; i < PAGE_SIZE / sizeof(*words); i++)
		words[i] = 0x0123456789abcdefull * (1 + i % 3 + seed);
}

void page_make_random(void *page, u32 seed)
{
	struct rnd_state rnd;

	prandom_seed_state(&rnd, seed);
	prandom_bytes_state(&rnd, page, PAGE_SIZE);
}

void page_make_text(void *page, u32 seed)
{
	static const char *const words[] = {
		"the ", "of ", "memory ", "page ", "is ", "stored ", "swap, ",
		"and ", "a ", "kernel. ", "device ", "it ", "which\n",
	};
	struct rnd_state rnd;
	char *to = page;
	char *end = to + PAGE_SIZE;

	prandom_seed_state(&rnd, seed);
	while (to < end) {
		const char *word = words[prandom_u32_state(&rnd) %
					 ARRAY_SIZE(words)];
		size_t len = min_t(size_t, strlen(word), end - to);

		memcpy(to, word, len);
		to += len;
	}
}

void page_make_pointers(void *page, u32 seed)
{
	u64 *words = page;
	struct rnd_state rnd;
	unsigned int i;

	prandom_seed_state(&rnd, seed);
	for (i = 0; i < PAGE_SIZE / sizeof(*words); i++)
		words[i] = 0xffff888000000000ull +
			   (prandom_u32_state(&rnd) % 65536) * 64;
}

static void page_make_integers(void *page, u32 seed)
{
	u32 *words = page;
	unsigned int i;

	for (i = 0; i < PAGE_SIZE / sizeof(*words); i++)
		words[i] = seed + i;
}

void page_make_prefix(void *page, u32 seed)
{
	struct rnd_state rnd;

	memset(page, 0, PAGE_SIZE);
	prandom_seed_state(&rnd, seed);
	prandom_bytes_state(&rnd, page, min_t(u32, seed, PAGE_SIZE));
}

/* Nothing but one byte, at the very end. */
static void page_make_last_byte(void *page, u32 seed)
{
	memset(page, 0, PAGE_SIZE);
	((u8 *)page)[PAGE_SIZE - 1] = 1 + seed % 255;
}

static void page_make_half_random(void *page, u32 seed)
{
	page_make_random(page, seed);
	memset(page + PAGE_SIZE / 2, seed, PAGE_SIZE / 2);
}

const struct page_kind page_kinds[] = {
	{ "zero", page_make_zero },
	{ "repeating words", page_make_repeating },
	{ "random", page_make_random },
	{ "text", page_make_text },
	{ "pointers", page_make_pointers },
	{ "integers", page_make_integers },
	{ "one byte", page_make_last_byte },
	{ "half random", page_make_half_random },
};

const unsigned int nr_page_kinds = ARRAY_SIZE(page_kinds);

const void *each_page_kind(const void *prev, char *desc)
{
	const struct page_kind *kind = prev ? prev + sizeof(*kind) : page_kinds;

	if (kind == page_kinds + ARRAY_SIZE(page_kinds))
		return NULL;
	strscpy(desc, kind->name, KUNIT_PARAM_DESC_SIZE);
	return kind;
}

void *page_alloc(struct kunit *test)
{
	/* Aligned as a page of a bio is. */
	void *page = kunit_kzalloc(test, PAGE_SIZE, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, page);
	return page;
}

int page_load(struct kunit *test, u32 index, void *page)
{
	struct zsm_word backed;

	return zram_load_page(zram_in(test), index, page, &backed);
}

void page_store(struct kunit *test, u32 index, const void *page)
{
	KUNIT_ASSERT_EQ_MSG(test,
			    zram_store_page(zram_in(test), index, page, ZRAM_GFP),
			    0, "slot %u", index);
}

bool page_is_stored(struct kunit *test, u32 index, const void *page)
{
	void *got = page_alloc(test);
	bool same = !page_load(test, index, got) &&
		    !memcmp(got, page, PAGE_SIZE);

	kunit_kfree(test, got);
	return same;
}
