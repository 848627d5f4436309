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
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "swapper.h"

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

struct options opt = {
	.seed = 1,
	.threads = 1,
	.rewrite = 10,
	.real = 88,
};

struct report *report;

static const char *const order_name[] = {
	[ORDER_SEQ] = "seq",
	[ORDER_REVERSE] = "reverse",
	[ORDER_RANDOM] = "random",
	[ORDER_STRIDED] = "strided",
};

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
