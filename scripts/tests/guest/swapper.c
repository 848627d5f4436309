// SPDX-License-Identifier: GPL-2.0
/*
 * swapper: fill memory with pages that can be told apart, read them all back in
 * several orders, and say what became of each.
 *
 * The work is done in a child. The parent holds the counts in shared memory,
 * shows progress, and reports even if the child is killed for want of memory.
 *
 * Exit status: 0 every page was right in every pass, 1 some were not, 2 bad
 * usage or set-up, 3 killed before it was through.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "corpus.h"
#include "pagegen.h"

#define EXIT_BAD_PAGES	1
#define EXIT_USAGE	2
#define EXIT_KILLED	3

#define MAX_THREADS	16
#define MAX_PASSES	32
#define MAX_EXAMPLES	8
#define THREAD_STACK	(256 << 10)

static const char usage_text[] =
	"usage: swapper [OPTION]... CORPUS\n"
	"Fill memory with pages from CORPUS (a file or disk of real memory) and\n"
	"others, read them back in several orders, verify each.\n"
	"\n"
	"  --mb N             how much memory to fill\n"
	"  --times-free F     the same as a multiple of the available memory (2)\n"
	"  --orders LIST      passes: seq, reverse, random, strided\n"
	"                     (default: reverse,random,strided,seq)\n"
	"  --rewrite PERCENT  pages to write anew during each pass but the last (10)\n"
	"  --real PERCENT     pages that come from CORPUS; the others are zeroes,\n"
	"                     one word repeated, and random (88)\n"
	"  --threads N        threads that share the work (1)\n"
	"  --seed N           choose other pages and another random order (1)\n"
	"  --pageout          ask the kernel to swap everything out before each pass\n"
	"  --hold-filled FIFO    after filling, say so and wait until nobody has FIFO\n"
	"                        open for writing any more\n"
	"  --hold-verified FIFO  the same after the last pass\n"
	"  --progress         show progress even if stdout is no terminal\n";

enum order { ORDER_SEQ, ORDER_REVERSE, ORDER_RANDOM, ORDER_STRIDED };

static const char *const order_name[] = {
	[ORDER_SEQ] = "seq",
	[ORDER_REVERSE] = "reverse",
	[ORDER_RANDOM] = "random",
	[ORDER_STRIDED] = "strided",
};

static struct {
	uint64_t pages;
	uint64_t seed;
	unsigned int threads;
	unsigned int rewrite;
	unsigned int real;
	unsigned int passes;
	enum order order[MAX_PASSES];
	const char *hold_filled;
	const char *hold_verified;
	bool progress;
	bool pageout;
	struct corpus corpus;
} opt = {
	.seed = 1,
	.threads = 1,
	.rewrite = 10,
	.real = 88,
};

struct example {
	uint64_t nr;
	uint64_t word;
	unsigned char verdict;
	unsigned char gen;
	unsigned char pass;
};

/* What the parent reports; pass 0 is the filling. */
static struct report {
	_Atomic unsigned int pass;
	_Atomic uint64_t done;		/* pages, in this pass */
	_Atomic uint64_t filled;
	_Atomic uint64_t rewritten;
	_Atomic uint64_t checked[PAGE_VERDICTS];
	_Atomic unsigned int examples;
	struct example example[MAX_EXAMPLES];
	_Atomic bool finished;
} *report;

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

/* Waits until whoever has the FIFO open for writing closes it. */
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

static void *map_memory(size_t size, int flags)
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

static void write_oom_score(const char *score)
{
	int fd = open("/proc/self/oom_score_adj", O_WRONLY);

	if (fd < 0)
		return;
	if (write(fd, score, strlen(score)) < 0)
		warn("oom_score_adj");
	close(fd);
}

static int child_main(void)
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

/* --- the parent: progress and report ---------------------------------------*/

static const char *pass_name(unsigned int pass)
{
	return pass ? order_name[opt.order[pass - 1]] : "fill";
}

static void show_progress(void)
{
	unsigned int pass = report->pass;
	unsigned long long done = report->done, total = opt.pages;

	if (isatty(STDOUT_FILENO))
		printf("\r\033[K%s %u/%u: %3llu%% (%llu of %llu pages)",
		       pass_name(pass), pass, opt.passes, done * 100 / total,
		       done, total);
	else
		printf("@progress %s %u/%u %llu/%llu\n", pass_name(pass), pass,
		       opt.passes, done, total);
	fflush(stdout);
}

static int wait_for(pid_t child)
{
	const struct timespec interval = { .tv_nsec = 500000000 };
	int status;

	while (waitpid(child, &status, WNOHANG) == 0) {
		if (opt.progress)
			show_progress();
		nanosleep(&interval, NULL);
	}
	if (opt.progress && isatty(STDOUT_FILENO))
		printf("\r\033[K");
	return status;
}

static unsigned long long bad_pages(void)
{
	unsigned long long bad = 0;
	int i;

	for (i = PAGE_GOOD + 1; i < PAGE_VERDICTS; i++)
		bad += report->checked[i];
	return bad;
}

static void show_examples(void)
{
	unsigned int i, n = report->examples;

	for (i = 0; i < n && i < MAX_EXAMPLES; i++) {
		const struct example *ex = &report->example[i];

		printf("page %llu is %s: generation %u, pass %u (%s), first word %016llx\n",
		       (unsigned long long)ex->nr,
		       page_verdict_name[ex->verdict], ex->gen, ex->pass,
		       pass_name(ex->pass), (unsigned long long)ex->word);
	}
	if (n > MAX_EXAMPLES)
		printf("... and %u more\n", n - MAX_EXAMPLES);
}

static void show_summary(const char *result)
{
	int i;

	printf("@swapper result=%s pages=%llu filled=%llu rewritten=%llu checked=%llu bad=%llu",
	       result, (unsigned long long)opt.pages,
	       (unsigned long long)report->filled,
	       (unsigned long long)report->rewritten,
	       (unsigned long long)report->checked[PAGE_GOOD] + bad_pages(),
	       bad_pages());
	for (i = PAGE_GOOD + 1; i < PAGE_VERDICTS; i++)
		printf(" %s=%llu", page_verdict_name[i],
		       (unsigned long long)report->checked[i]);
	printf("\n");
}

static int summarise(int status)
{
	show_examples();
	if (WIFSIGNALED(status)) {
		printf("killed by signal %d%s in %s, after %llu of %llu pages\n",
		       WTERMSIG(status),
		       WTERMSIG(status) == SIGKILL ? " (out of memory?)" : "",
		       pass_name(report->pass),
		       (unsigned long long)report->done,
		       (unsigned long long)opt.pages);
		show_summary("killed");
		return EXIT_KILLED;
	}
	if (WEXITSTATUS(status) || !report->finished) {
		show_summary("error");
		return EXIT_USAGE;
	}
	show_summary(bad_pages() ? "bad" : "ok");
	return bad_pages() ? EXIT_BAD_PAGES : 0;
}

/* --- options ---------------------------------------------------------------*/

static uint64_t available_kb(void)
{
	FILE *f = fopen("/proc/meminfo", "r");
	unsigned long long kb = 0;
	char line[128];

	if (!f)
		err(EXIT_USAGE, "/proc/meminfo");
	while (fgets(line, sizeof(line), f))
		if (sscanf(line, "MemAvailable: %llu kB", &kb) == 1)
			break;
	fclose(f);
	if (!kb)
		errx(EXIT_USAGE, "no MemAvailable in /proc/meminfo");
	return kb;
}

static void parse_orders(const char *arg)
{
	char *list = strdup(arg), *save = NULL, *name;
	size_t i;

	opt.passes = 0;
	for (name = strtok_r(list, ",", &save); name;
	     name = strtok_r(NULL, ",", &save)) {
		for (i = 0; i < 4 && strcmp(name, order_name[i]); i++)
			;
		if (i == 4 || opt.passes == MAX_PASSES)
			errx(EXIT_USAGE, "bad order: %s", name);
		opt.order[opt.passes++] = i;
	}
	free(list);
}

static unsigned long parse_number(const char *what, const char *arg,
				  unsigned long max)
{
	char *end;
	unsigned long n = strtoul(arg, &end, 0);

	if (!*arg || *end || n > max)
		errx(EXIT_USAGE, "bad number for --%s: %s", what, arg);
	return n;
}

static void parse_options(int argc, char **argv)
{
	enum { MB = 1, TIMES, ORDERS, REWRITE, REAL, THREADS, SEED, FILLED,
	       VERIFIED, PROGRESS, PAGEOUT, HELP };
	static const struct option options[] = {
		{ "mb", required_argument, NULL, MB },
		{ "times-free", required_argument, NULL, TIMES },
		{ "orders", required_argument, NULL, ORDERS },
		{ "rewrite", required_argument, NULL, REWRITE },
		{ "real", required_argument, NULL, REAL },
		{ "threads", required_argument, NULL, THREADS },
		{ "seed", required_argument, NULL, SEED },
		{ "hold-filled", required_argument, NULL, FILLED },
		{ "hold-verified", required_argument, NULL, VERIFIED },
		{ "progress", no_argument, NULL, PROGRESS },
		{ "pageout", no_argument, NULL, PAGEOUT },
		{ "help", no_argument, NULL, HELP },
		{ }
	};
	uint64_t kb = 0;
	double times = 2;
	int c;

	parse_orders("reverse,random,strided,seq");
	opt.progress = isatty(STDOUT_FILENO);
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case MB:
			kb = parse_number("mb", optarg, 1UL << 30) << 10;
			break;
		case TIMES:
			times = strtod(optarg, NULL);
			break;
		case ORDERS:
			parse_orders(optarg);
			break;
		case REWRITE:
			opt.rewrite = parse_number("rewrite", optarg, 100);
			break;
		case REAL:
			opt.real = parse_number("real", optarg, 100);
			break;
		case THREADS:
			opt.threads = parse_number("threads", optarg,
						   MAX_THREADS);
			break;
		case SEED:
			opt.seed = parse_number("seed", optarg, ~0UL);
			break;
		case FILLED:
			opt.hold_filled = optarg;
			break;
		case VERIFIED:
			opt.hold_verified = optarg;
			break;
		case PROGRESS:
			opt.progress = true;
			break;
		case PAGEOUT:
			opt.pageout = true;
			break;
		case HELP:
			fputs(usage_text, stdout);
			exit(0);
		default:
			fputs(usage_text, stderr);
			exit(EXIT_USAGE);
		}
	}
	if (argc - optind != 1) {
		fputs(usage_text, stderr);
		exit(EXIT_USAGE);
	}
	if (!kb)
		kb = available_kb() * times;
	page_bytes = sysconf(_SC_PAGESIZE);
	opt.pages = (kb << 10) / page_bytes;
	if (opt.pages < 1000 || !opt.threads)
		errx(EXIT_USAGE, "too little memory, or no thread");
	corpus_open(&opt.corpus, argv[optind]);
}

int main(int argc, char **argv)
{
	pid_t child;
	int status;

	parse_options(argc, argv);
	report = map_memory(sizeof(*report), MAP_SHARED);
	setlinebuf(stdout);
	child = fork();
	if (child < 0)
		err(EXIT_USAGE, "fork");
	if (!child)
		_exit(child_main());
	write_oom_score("-1000");
	if (mlockall(MCL_CURRENT))
		warn("mlockall");
	status = wait_for(child);
	return summarise(status);
}
