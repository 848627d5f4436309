// SPDX-License-Identifier: GPL-2.0
/* The arguments of a table line. */
#include <linux/mm.h>
#include <linux/string.h>

#include "zcache/table.h"

#define ZCACHE_SEQ_SKIP_KIB 1024
#define ZCACHE_FILLS_MAX (1u << (20 - PAGE_SHIFT))

#define ZCACHE_MAX_WORDS 11

static const char *const zcache_policies[] = {
	[ZCACHE_ADMIT_GHOST] = "ghost",
	[ZCACHE_ADMIT_ALL] = "all",
	[ZCACHE_ADMIT_NONE] = "none",
};

/* What is stored of a page: three quarters, unless nothing is compressed. */
static unsigned int default_store_max(const struct zcache_args *args)
{
	return args->codec ? PAGE_SIZE / 4 * 3 : PAGE_SIZE;
}

int zcache_parse_policy(const char *word, enum zcache_policy *policy)
{
	int i = sysfs_match_string(zcache_policies, word);

	if (i < 0)
		return -EINVAL;
	*policy = i;
	return 0;
}

const char *zcache_parse_limit(const char *word, u64 *mib)
{
	u64 ram_mib = ((u64)totalram_pages() << PAGE_SHIFT) >> 20;

	if (kstrtou64(word, 10, mib))
		return "the limit is no number of MiB";
	if (!*mib)
		return "the limit is 0";
	if (*mib > ram_mib)
		return "the limit is more than the memory that there is";
	if (*mib << (20 - PAGE_SHIFT) > ZCACHE_MAX_LIMIT_PAGES)
		return "the limit is more than cells can be numbered for";
	return NULL;
}

static const char *parse_codec(struct zcache_args *args, const char *word)
{
	if (!strcmp(word, "none")) {
		args->codec = NULL;
		return NULL;
	}
	args->codec = zsm_codec_find(word);
	return args->codec ? NULL : "there is no such codec";
}

static const char *parse_admit(struct zcache_args *args, const char *word)
{
	return zcache_parse_policy(word, &args->policy) ?
		       "admit is none of ghost, all, none" : NULL;
}

static const char *parse_store_max(struct zcache_args *args,
				   const char *word)
{
	if (kstrtouint(word, 10, &args->store_max) || !args->store_max ||
	    args->store_max > PAGE_SIZE)
		return "store_max is not from 1 to the size of a page";
	return NULL;
}

static const char *parse_seq_skip(struct zcache_args *args,
				  const char *word)
{
	if (kstrtouint(word, 10, &args->seq_skip_kib) ||
	    (u64)args->seq_skip_kib << 10 >
		    (u64)(ZCACHE_STREAM_MAX_RUN - 1) << PAGE_SHIFT)
		return "seq_skip is no number of KiB, or too large";
	return NULL;
}

static const char *parse_fills_max(struct zcache_args *args,
				   const char *word)
{
	if (kstrtouint(word, 10, &args->fills_max) ||
	    args->fills_max < ZCACHE_MAX_IO_BLOCKS || args->fills_max > 1 << 16)
		return "fills_max is less than a read has pages, or too large";
	return NULL;
}

static const struct {
	const char *name;
	const char *(*parse)(struct zcache_args *args, const char *word);
} zcache_options[] = {
	{ "codec", parse_codec },
	{ "admit", parse_admit },
	{ "store_max", parse_store_max },
	{ "seq_skip", parse_seq_skip },
	{ "fills_max", parse_fills_max },
};

/* Returns what is wrong, or NULL. */
static const char *parse_option(struct dm_arg_set *as, unsigned int *left,
				struct zcache_args *args)
{
	const char *name = dm_shift_arg(as);
	size_t i;

	(*left)--;
	if (!strcmp(name, "no_meta")) {
		args->no_meta = true;
		return NULL;
	}
	for (i = 0; i < ARRAY_SIZE(zcache_options); i++) {
		if (strcmp(name, zcache_options[i].name))
			continue;
		if (!*left)
			return "the last argument has no value";
		(*left)--;
		return zcache_options[i].parse(args, dm_shift_arg(as));
	}
	return "there is no such argument";
}

static const char *parse(struct dm_arg_set *as, struct zcache_args *args)
{
	const char *error = zcache_parse_limit(dm_shift_arg(as),
					       &args->limit_mib);
	unsigned int left = 0;

	if (!error && as->argc &&
	    (kstrtouint(dm_shift_arg(as), 10, &left) || left != as->argc ||
	     left > ZCACHE_MAX_WORDS))
		error = "the number of arguments is not how many follow";
	while (!error && left)
		error = parse_option(as, &left, args);
	if (error)
		return error;
	if (!args->store_max)
		args->store_max = default_store_max(args);
	/* A page that is not compressed is stored as a page, or not at all. */
	if (!args->codec && args->store_max < PAGE_SIZE)
		return "store_max is less than a page takes with codec none";
	return NULL;
}

int zcache_parse_table(struct dm_target *ti, unsigned int argc, char **argv,
		       struct zcache_args *args)
{
	struct dm_arg_set as = { .argc = argc, .argv = argv };

	*args = (struct zcache_args){
		.codec = zsm_codec_default(),
		.seq_skip_kib = ZCACHE_SEQ_SKIP_KIB,
		.fills_max = max(ZCACHE_FILLS_MAX, ZCACHE_MAX_IO_BLOCKS),
	};
	if (argc < 2) {
		ti->error = "a device and a limit in MiB are wanted";
		return -EINVAL;
	}
	dm_shift_arg(&as);
	ti->error = (char *)parse(&as, args);
	return ti->error ? -EINVAL : 0;
}

void zcache_print_table(const struct zcache *zcache, char *result,
			unsigned int maxlen)
{
	const struct zcache_args *args = &zcache->args;
	unsigned int sz = 0;

	/* All are given, so that the line makes the same cache everywhere. */
	DMEMIT("%s %llu %u codec %s admit %s store_max %u seq_skip %u fills_max %u",
	       zcache->dev->name, args->limit_mib, 10 + args->no_meta,
	       args->codec ? args->codec->name : "none",
	       zcache_policies[READ_ONCE(args->policy)], args->store_max,
	       args->seq_skip_kib, args->fills_max);
	if (args->no_meta)
		DMEMIT(" no_meta");
}
