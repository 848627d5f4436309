// SPDX-License-Identifier: GPL-2.0
/*
 * swapper's child: fills memory, reads it back in several orders, and counts what
 * became of each page.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "swapper.h"

#define THREAD_STACK	(256 << 10)

static unsigned char *arena;
static page_note_t *notes;

/* --- orders ----------------------------------------------------------------*/

/* A permutation of 0..n-1: a Feistel network over the next power of four. */
static uint64_t permute(uint64_t i, uint64_t n, uint64_t seed)
{
	unsigned int half = 1, round;

	while (n > 1ULL << 2 * half)
		half++;
	do {
		uint64_t mask = (1ULL << half) - 1;
		uint64_t left = i >> half, right = i & mask;

		for (round = 0; round < 4; round++) {
			uint64_t f = page_mix(right ^ seed << 8 ^ round);
			uint64_t next = left ^ (f & mask);

			left = right;
			right = next;
		}
		i = left << half | right;
	} while (i >= n);
	return i;
}

/* The @i-th of @n pages, every 509th first, then their right neighbours... */
static uint64_t stride(uint64_t i, uint64_t n)
{
	const uint64_t step = 509;
	uint64_t longer = n % step, rows = n / step;

	/* The first columns hold one page more than the others. */
	if (i < longer * (rows + 1))
		return i % (rows + 1) * step + i / (rows + 1);
	i -= longer * (rows + 1);
	return i % rows * step + longer + i / rows;
}

static uint64_t nth_page(enum order order, unsigned int pass, uint64_t i)
{
	switch (order) {
	case ORDER_REVERSE:
		return opt.pages - 1 - i;
	case ORDER_RANDOM:
		return permute(i, opt.pages, opt.seed + pass);
	case ORDER_STRIDED:
		return stride(i, opt.pages);
	default:
		return i;
	}
}

/* --- the child: filling and verifying --------------------------------------*/

static __thread sigjmp_buf read_failed;
static __thread volatile sig_atomic_t reading;

/* A page that cannot be swapped in raises SIGBUS. */
static void on_sigbus(int sig)
{
	if (reading)
		siglongjmp(read_failed, 1);
	signal(sig, SIG_DFL);
	raise(sig);
}

static void *page_at(uint64_t nr)
{
	return arena + nr * page_bytes;
}

static void note_bad(uint64_t nr, unsigned int pass, enum page_verdict verdict)
{
	unsigned int i = atomic_fetch_add(&report->examples, 1);
	struct example *ex;

	if (i >= MAX_EXAMPLES)
		return;
	ex = &report->example[i];
	ex->nr = nr;
	ex->verdict = verdict;
	ex->gen = page_note_gen(notes[nr]);
	ex->pass = pass;
	ex->word = verdict == PAGE_UNREADABLE ? 0 : *(uint64_t *)page_at(nr);
}

static enum page_verdict check_page(uint64_t nr)
{
	enum page_verdict verdict;

	if (sigsetjmp(read_failed, 1)) {
		reading = 0;
		return PAGE_UNREADABLE;
	}
	reading = 1;
	verdict = page_check(page_at(nr), nr, notes[nr]);
	reading = 0;
	return verdict;
}

/* Half of what is rewritten keeps most of its bytes, half becomes another kind. */
static void rewrite_page(uint64_t nr, unsigned int pass)
{
	uint64_t rnd = page_mix(opt.seed ^ nr << 8 ^ pass);
	enum page_kind kind = page_choose(rnd, 50);

	if (rnd >> 32 & 1)
		kind = PAGE_REAL;
	notes[nr] = page_make(page_at(nr), nr, page_note_gen(notes[nr]) + 1,
			      kind, NULL, opt.seed);
	atomic_fetch_add(&report->rewritten, 1);
}

static bool to_be_rewritten(uint64_t nr, unsigned int pass)
{
	return pass < opt.passes &&
	       page_mix(nr ^ (opt.seed + pass) << 40) % 100 < opt.rewrite;
}

static void verify_page(uint64_t nr, unsigned int pass)
{
	enum page_verdict verdict = check_page(nr);

	atomic_fetch_add(&report->checked[verdict], 1);
	if (verdict != PAGE_GOOD)
		note_bad(nr, pass, verdict);
	if (verdict != PAGE_UNREADABLE && to_be_rewritten(nr, pass))
		rewrite_page(nr, pass);
}

struct worker {
	pthread_t thread;
	unsigned int index;
	struct corpus_reader reader;
};

static struct worker workers[MAX_THREADS];

static void *fill(void *arg)
{
	struct worker *worker = arg;
	uint64_t nr;

	for (nr = worker->index; nr < opt.pages; nr += opt.threads) {
		uint64_t rnd = page_mix(opt.seed ^ nr << 8);

		notes[nr] = page_make(page_at(nr), nr, 1,
				      page_choose(rnd, opt.real),
				      corpus_page(&worker->reader), opt.seed);
		atomic_fetch_add(&report->filled, 1);
		atomic_fetch_add(&report->done, 1);
	}
	return NULL;
}

static void *verify(void *arg)
{
	struct worker *worker = arg;
	unsigned int pass = report->pass;
	uint64_t i;

	for (i = worker->index; i < opt.pages; i += opt.threads) {
		verify_page(nth_page(opt.order[pass - 1], pass, i), pass);
		atomic_fetch_add(&report->done, 1);
	}
	return NULL;
}

static void run_threads(void *(*fn)(void *))
{
	pthread_attr_t attr;
	unsigned int i;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, THREAD_STACK);
	for (i = 0; i < opt.threads; i++) {
		errno = pthread_create(&workers[i].thread, &attr, fn,
				       &workers[i]);
		if (errno)
			err(EXIT_USAGE, "making a thread");
	}
	for (i = 0; i < opt.threads; i++)
		pthread_join(workers[i].thread, NULL);
}

/* Swaps out without there being too little memory. */
static void page_out(void)
{
	if (!opt.pageout)
		return;
	if (madvise(arena, opt.pages * page_bytes, MADV_PAGEOUT))
		err(EXIT_USAGE, "MADV_PAGEOUT");
}

/* Waits until the program that has the FIFO open for writing closes it. */
static void wait_at(const char *what, const char *fifo)
{
	char c;
	int fd;

	if (!fifo)
		return;
	fd = open(fifo, O_RDONLY);
	if (fd < 0)
		err(EXIT_USAGE, "%s", fifo);
	printf("@hold %s\n", what);
	while (read(fd, &c, 1) > 0)
		;
	close(fd);
}

void *map_memory(size_t size, int flags)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_ANONYMOUS | flags, -1, 0);

	if (p == MAP_FAILED)
		err(EXIT_USAGE, "mapping %zu bytes", size);
	return p;
}

/* What is needed to do the work stays in memory; what is swapped is the arena. */
static void prepare(void)
{
	unsigned int i;

	notes = map_memory(opt.pages * sizeof(*notes), MAP_PRIVATE);
	for (i = 0; i < opt.threads; i++) {
		workers[i].index = i;
		corpus_reader_init(&workers[i].reader, &opt.corpus,
				   opt.seed + i);
	}
	if (mlockall(MCL_CURRENT))
		warn("mlockall");
	arena = map_memory(opt.pages * page_bytes,
			   MAP_PRIVATE | MAP_NORESERVE);
	madvise(arena, opt.pages * page_bytes, MADV_NOHUGEPAGE);
}

void write_oom_score(const char *score)
{
	int fd = open("/proc/self/oom_score_adj", O_WRONLY);

	if (fd < 0)
		return;
	if (write(fd, score, strlen(score)) < 0)
		warn("oom_score_adj");
	close(fd);
}

int child_main(void)
{
	struct sigaction sa = { .sa_handler = on_sigbus };
	unsigned int pass;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	write_oom_score("1000");
	sigaction(SIGBUS, &sa, NULL);
	prepare();
	run_threads(fill);
	page_out();
	wait_at("filled", opt.hold_filled);
	for (pass = 1; pass <= opt.passes; pass++) {
		atomic_store(&report->done, 0);
		atomic_store(&report->pass, pass);
		page_out();
		run_threads(verify);
	}
	atomic_store(&report->finished, true);
	wait_at("verified", opt.hold_verified);
	return 0;
}
