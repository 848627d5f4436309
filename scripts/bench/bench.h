/* SPDX-License-Identifier: GPL-2.0 */
/*
 * zsm_bench: measures zram drivers and their allocators, from inside a User Mode
 * Linux or, as to threads, a virtual machine. What its parts share.
 *
 * A corpus of pages is kept in memory; commands that are written to a file of
 * debugfs (see main.c) do one thing with all of it, and tell how long that took.
 */
#ifndef ZSM_BENCH_H
#define ZSM_BENCH_H

#include <linux/ktime.h>
#include <linux/types.h>

/* No bio is larger, in pages; a corpus is a multiple of it. */
#define BENCH_MAX_BIO_PAGES 16

/**
 * struct bench_corpus - pages to work with
 * @pages: the pages
 * @order: the numbers from 0 to @nr - 1 in a random order, which does not change
 * @nr: how many pages; a multiple of BENCH_MAX_BIO_PAGES
 */
struct bench_corpus {
	struct page **pages;
	u32 *order;
	u32 nr;
};

/**
 * struct bench_result - what a command has to tell
 * @text: words and numbers
 */
struct bench_result {
	char text[200];
};

/**
 * bench_ns() - the time that work is measured by, in ns
 *
 * User Mode Linux is a process of the host. Its CPU time, unlike any clock, stands
 * still while the host runs something else on the CPU.
 *
 * Return: nanoseconds.
 */
static inline u64 bench_ns(void)
{
#ifdef CONFIG_UML
	struct { long sec, nsec; } now;
	long clock = 3;		/* the host's CLOCK_THREAD_CPUTIME_ID */
	long ret = 228;		/* and its clock_gettime() */

	asm volatile("syscall" : "+a" (ret) : "D" (clock), "S" (&now)
		     : "rcx", "r11", "memory");
	return ret ? 0 : now.sec * 1000000000ull + now.nsec;
#else
	return ktime_get_ns();
#endif
}

/**
 * struct bench_allocator - an allocator
 * @create: makes a pool; NULL if it cannot, for instance without its module. @who is
 *	what bench_alloc() was told
 * @destroy: frees it
 * @huge: from which size on an object takes a page of its own
 * @longest: the size that such an object is given
 * @alloc: allocates object @i, and stores a non-zero name for it
 * @write: puts @len bytes into it
 * @read: gets @len bytes out of it
 * @free: frees it
 * @bytes: what the pool takes
 */
struct bench_allocator {
	void *(*create)(const char *who);
	void (*destroy)(void *pool);
	size_t (*huge)(void *pool);
	u16 longest;
	int (*alloc)(void *pool, u32 i, size_t size, u64 *name);
	void (*write)(void *pool, u64 name, const void *src, size_t len);
	void (*read)(void *pool, u64 name, void *dst, size_t len);
	void (*free)(void *pool, u64 name);
	u64 (*bytes)(void *pool);
};

extern const struct bench_allocator bench_ours;
extern const struct bench_allocator bench_intree;
extern const struct bench_allocator bench_zpool;

/**
 * bench_sizes() - to what lz4 compresses the pages
 * @corpus: the pages
 * @huge: what is at least so long
 * @longest: gets this size
 * @sizes: receives the size of each
 *
 * Return: 0 or -ENOMEM.
 */
int bench_sizes(const struct bench_corpus *corpus, size_t huge, u16 longest,
		u16 *sizes);

/**
 * bench_device() - do something with a block device
 * @corpus: the pages
 * @path: the device, at least as large as the corpus
 * @what: "write", "read", "random", "verify", "discard" or "notify"
 * @per_bio: pages a bio
 * @shift: slot i is written with, or should hold, page i + @shift, modulo the
 *	corpus's size
 * @result: receives the number of pages and of nanoseconds
 *
 * Return: 0; -EILSEQ if a page is not what it should be; -EINVAL if @what is
 *	something else; another error.
 */
int bench_device(const struct bench_corpus *corpus, const char *path,
		 const char *what, u32 per_bio, u32 shift,
		 struct bench_result *result);

/* More threads than this are not worth a table. */
#define BENCH_MAX_THREADS 8

/**
 * bench_alloc() - do everything with an allocator
 * @corpus: pages; objects have the sizes to which lz4 compresses them
 * @who: "ours", "intree" or a type of zpool; its module must be loaded
 * @threads: how many share the objects, each on a CPU of its own, 1 to
 *	BENCH_MAX_THREADS
 * @result: receives names and numbers: nanoseconds in all for each step, and
 *	the bytes that the pool takes
 *
 * Return: 0; -EILSEQ if an object did not hold what was written; -ENOENT if
 *	there is no such allocator; -EINVAL with too few CPUs; another error.
 */
int bench_alloc(const struct bench_corpus *corpus, const char *who, u32 threads,
		struct bench_result *result);

/**
 * bench_reclaim() - free pages of a pool of ours one by one, by evicting
 * @corpus: pages; objects have the sizes to which lz4 compresses them
 * @kind: "classes", "pairs" or "triples"
 * @tries: how many pages
 * @result: receives names and numbers: the nanoseconds that half, 99 of a hundred and
 *	all tries did not exceed, and the most objects that one has evicted
 *
 * Between two tries objects come and go.
 *
 * Return: 0; -ERANGE if a try in pairs or triples did not free one page, or for more
 *	than two or three objects; -ENOENT without zsm.ko; another error.
 */
int bench_reclaim(const struct bench_corpus *corpus, const char *kind, u32 tries,
		  struct bench_result *result);

#endif /* ZSM_BENCH_H */
