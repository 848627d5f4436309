// SPDX-License-Identifier: GPL-2.0
/*
 * collect: run a program, stop it when it has grown enough, and write pages of
 * its private memory to stdout.
 *
 * usage: collect PAGES KB SECONDS COMMAND [ARG...]
 *
 *   PAGES    how many pages to write at the most
 *   KB       stop the program when it has so much anonymous memory
 *   SECONDS  stop it after that time in any case
 *
 * Writes page-aligned pages of writable private mappings, heap and stack, taken
 * evenly from all that the program has touched; few pages of zeroes. The program
 * is this one's own child, and is killed afterwards. If it ends too soon it gives
 * no pages. Prints how many pages were written to stderr.
 */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define BATCH		16	/* pages taken or left together */
#define ZERO_PERCENT	2
#define PAGEMAP_PRESENT	(3ULL << 62)	/* in memory or swapped */

static size_t page_bytes;
static unsigned long wanted, written, zeroes;
static double share, debt;	/* of the batches that are taken */
static int mem, pagemap;

static pid_t start(char **argv)
{
	pid_t pid = fork();
	int null;

	if (pid < 0)
		err(1, "fork");
	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setpgid(0, 0);
	null = open("/dev/null", O_RDWR);
	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	execvp(argv[0], argv);
	_exit(127);
}

static unsigned long anonymous_kb(pid_t pid)
{
	unsigned long kb = 0;
	char path[64], line[256];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	f = fopen(path, "r");
	if (!f)
		return 0;
	while (fgets(line, sizeof(line), f))
		if (sscanf(line, "RssAnon: %lu", &kb) == 1)
			break;
	fclose(f);
	return kb;
}

/* Lets the program grow, then stops it. False if it is no more. */
static bool grow_and_stop(pid_t pid, unsigned long kb, unsigned int seconds)
{
	const struct timespec tick = { .tv_nsec = 10000000 };
	unsigned int i;
	int status;

	for (i = 0; i < seconds * 100 && anonymous_kb(pid) < kb; i++) {
		if (waitpid(pid, &status, WNOHANG) == pid)
			return false;
		nanosleep(&tick, NULL);
	}
	if (kill(pid, SIGSTOP))
		return false;
	return waitpid(pid, &status, WUNTRACED) == pid && WIFSTOPPED(status);
}

static bool is_zero(const unsigned char *page)
{
	return !page[0] && !memcmp(page, page + 1, page_bytes - 1);
}

static void write_page(const unsigned char *page)
{
	if (is_zero(page)) {
		if (zeroes * 100 >= (written + 50) * ZERO_PERCENT)
			return;
		zeroes++;
	}
	if (fwrite(page, page_bytes, 1, stdout) != 1)
		err(1, "writing");
	written++;
}

/* Which of @n pages from @addr on the program has touched, as a bit mask. */
static unsigned int touched(unsigned long addr, unsigned int n)
{
	unsigned long long entry[BATCH];
	unsigned int i, mask = 0;
	ssize_t got;

	got = pread(pagemap, entry, n * sizeof(*entry),
		    addr / page_bytes * sizeof(*entry));
	for (i = 0; i < n && (i + 1) * sizeof(*entry) <= (size_t)got; i++)
		if (got > 0 && (entry[i] & PAGEMAP_PRESENT))
			mask |= 1U << i;
	return mask;
}

static void copy_batch(unsigned long addr, unsigned int mask)
{
	unsigned char page[page_bytes];

	for (; mask && written < wanted; mask >>= 1, addr += page_bytes) {
		if ((mask & 1) &&
		    pread(mem, page, page_bytes, addr) == (ssize_t)page_bytes)
			write_page(page);
	}
}

static void copy_range(unsigned long start, unsigned long end)
{
	for (; start < end; start += BATCH * page_bytes) {
		unsigned long left = (end - start) / page_bytes;
		unsigned int mask;

		mask = touched(start, left < BATCH ? left : BATCH);
		debt += share * __builtin_popcount(mask);
		if (debt < 0.5)
			continue;
		debt -= __builtin_popcount(mask);
		copy_batch(start, mask);
	}
}

static int open_proc(pid_t pid, const char *name)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	fd = open(path, O_RDONLY);
	if (fd < 0)
		err(1, "%s", path);
	return fd;
}

static void copy_memory(pid_t pid)
{
	unsigned long start, end;
	char line[512], perms[5];
	FILE *maps;

	/* A little more than what is wanted, as zeroes are left out. */
	share = 1.2 * wanted * page_bytes / 1024 / (anonymous_kb(pid) + 1);
	mem = open_proc(pid, "mem");
	pagemap = open_proc(pid, "pagemap");
	maps = fdopen(open_proc(pid, "maps"), "r");
	while (fgets(line, sizeof(line), maps)) {
		if (sscanf(line, "%lx-%lx %4s", &start, &end, perms) != 3)
			continue;
		if (!strncmp(perms, "rw", 2) && perms[3] == 'p')
			copy_range(start, end);
	}
	fclose(maps);
}

int main(int argc, char **argv)
{
	bool alive;
	pid_t pid;

	if (argc < 5) {
		fprintf(stderr, "usage: collect PAGES KB SECONDS COMMAND...\n");
		return 2;
	}
	page_bytes = sysconf(_SC_PAGESIZE);
	wanted = strtoul(argv[1], NULL, 0);
	pid = start(argv + 4);
	alive = grow_and_stop(pid, strtoul(argv[2], NULL, 0), atoi(argv[3]));
	if (alive) {
		copy_memory(pid);
		kill(-pid, SIGKILL);
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
	if (fflush(stdout))
		err(1, "writing");
	fprintf(stderr, "%lu\n", written);
	return 0;
}
