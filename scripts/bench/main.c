// SPDX-License-Identifier: GPL-2.0
/*
 * The benchmark's corpus and its commands: files in debugfs, under zsm_bench.
 *
 *   corpus  write a path: the pages of that file are read into memory
 *   device  write a path: the block device to work with
 *   run     write a command, then read its result
 *
 * Commands are `WHAT [PAGES_A_BIO [SHIFT]]' for the device; `alloc ALLOCATOR [THREADS]',
 * of which ours, intree or a type of zpool is one; and `reclaim KIND [TRIES]'.
 */
#include <linux/cleanup.h>
#include <linux/debugfs.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include "bench.h"

static DEFINE_MUTEX(bench_mutex);	/* guards what follows */
static struct bench_corpus bench_corpus;
static struct bench_result bench_result;
static char bench_device_path[64];

static struct dentry *bench_dir;

/* ---- The corpus --------------------------------------------------------- */

static void bench_corpus_free(struct bench_corpus *corpus)
{
	u32 i;

	for (i = 0; i < corpus->nr; i++)
		if (corpus->pages[i])
			__free_page(corpus->pages[i]);
	vfree(corpus->pages);
	vfree(corpus->order);
	*corpus = (struct bench_corpus){};
}

/* The same shuffle each time: what is compared reads in the same order. */
static void bench_shuffle(u32 *order, u32 nr)
{
	u64 state = 1;
	u32 i;

	for (i = 0; i < nr; i++) {
		u32 other;

		state = state * 6364136223846793005ull + 1442695040888963407ull;
		other = (state >> 33) % (i + 1);
		order[i] = order[other];
		order[other] = i;
	}
}

static int bench_corpus_fill(struct bench_corpus *corpus, struct file *file)
{
	loff_t pos = 0;
	u32 i;

	for (i = 0; i < corpus->nr; i++) {
		ssize_t got;

		corpus->pages[i] = alloc_page(GFP_KERNEL);
		if (!corpus->pages[i])
			return -ENOMEM;
		got = kernel_read(file, page_address(corpus->pages[i]),
				  PAGE_SIZE, &pos);
		if (got != PAGE_SIZE)
			return got < 0 ? got : -EIO;
	}
	return 0;
}

static int bench_corpus_load(struct bench_corpus *corpus, const char *path)
{
	struct file *file = filp_open(path, O_RDONLY, 0);
	int err;

	if (IS_ERR(file))
		return PTR_ERR(file);
	corpus->nr = round_down(i_size_read(file_inode(file)) >> PAGE_SHIFT,
				BENCH_MAX_BIO_PAGES);
	corpus->pages = vzalloc(corpus->nr * sizeof(*corpus->pages));
	corpus->order = vzalloc(corpus->nr * sizeof(*corpus->order));
	err = corpus->pages && corpus->order ? bench_corpus_fill(corpus, file) :
					       -ENOMEM;
	fput(file);
	if (err) {
		if (!corpus->pages)
			corpus->nr = 0;
		bench_corpus_free(corpus);
		return err;
	}
	bench_shuffle(corpus->order, corpus->nr);
	return 0;
}

/* ---- Files -------------------------------------------------------------- */

/* Copies a line from user space, without its end. */
static int bench_get_line(char *line, size_t room, const char __user *user,
			  size_t count)
{
	if (count >= room)
		return -EINVAL;
	if (copy_from_user(line, user, count))
		return -EFAULT;
	line[count] = '\0';
	strim(line);
	return 0;
}

static ssize_t bench_corpus_write(struct file *file, const char __user *user,
				  size_t count, loff_t *pos)
{
	char path[256];
	int err = bench_get_line(path, sizeof(path), user, count);

	if (err)
		return err;
	guard(mutex)(&bench_mutex);
	bench_corpus_free(&bench_corpus);
	err = bench_corpus_load(&bench_corpus, path);
	return err ? err : count;
}

static const struct file_operations bench_corpus_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = bench_corpus_write,
};

static ssize_t bench_device_write(struct file *file, const char __user *user,
				  size_t count, loff_t *pos)
{
	int err;

	guard(mutex)(&bench_mutex);
	err = bench_get_line(bench_device_path, sizeof(bench_device_path),
			     user, count);
	return err ? err : count;
}

static const struct file_operations bench_device_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = bench_device_write,
};

static int bench_run(char *line)
{
	u32 per_bio = 1, shift = 0, threads = 1, tries = 1000000;
	char what[16], who[16];

	bench_result.text[0] = '\0';
	if (!bench_corpus.nr)
		return -ENODATA;
	if (sscanf(line, "alloc %15s %u", who, &threads) >= 1)
		return bench_alloc(&bench_corpus, who, threads, &bench_result);
	if (sscanf(line, "reclaim %15s %u", who, &tries) >= 1)
		return bench_reclaim(&bench_corpus, who, tries, &bench_result);
	if (sscanf(line, "%15s %u %u", what, &per_bio, &shift) < 1)
		return -EINVAL;
	return bench_device(&bench_corpus, bench_device_path, what, per_bio,
			    shift, &bench_result);
}

static ssize_t bench_run_write(struct file *file, const char __user *user,
			       size_t count, loff_t *pos)
{
	char line[64];
	int err = bench_get_line(line, sizeof(line), user, count);

	if (err)
		return err;
	guard(mutex)(&bench_mutex);
	err = bench_run(line);
	return err ? err : count;
}

static ssize_t bench_run_read(struct file *file, char __user *user,
			      size_t count, loff_t *pos)
{
	guard(mutex)(&bench_mutex);
	return simple_read_from_buffer(user, count, pos, bench_result.text,
				       strlen(bench_result.text));
}

static const struct file_operations bench_run_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = bench_run_write,
	.read = bench_run_read,
};

/* ---- Module ------------------------------------------------------------- */

static int __init bench_module_init(void)
{
	bench_dir = debugfs_create_dir("zsm_bench", NULL);
	if (IS_ERR(bench_dir))
		return PTR_ERR(bench_dir);
	debugfs_create_file("corpus", 0200, bench_dir, NULL,
			    &bench_corpus_fops);
	debugfs_create_file("device", 0200, bench_dir, NULL,
			    &bench_device_fops);
	debugfs_create_file("run", 0600, bench_dir, NULL, &bench_run_fops);
	return 0;
}

static void __exit bench_module_exit(void)
{
	debugfs_remove(bench_dir);
	bench_corpus_free(&bench_corpus);
}

module_init(bench_module_init);
module_exit(bench_module_exit);

MODULE_DESCRIPTION("Benchmark of zram drivers and their allocators");
MODULE_LICENSE("GPL");
