// SPDX-License-Identifier: GPL-2.0
/*
 * Libraries of codecs that are loaded after this module: an initramfs without them, or
 * a user who thinks of another algorithm. As soon as all that a codec needs is there, it
 * is offered. A library that was found so is kept until this module goes, as the module
 * loader keeps those that were there before.
 */
#include <asm/barrier.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/notifier.h>

#include "compat/module.h"
#include "store/codec.h"
#include "store/codec/library.h"
#include "store/codec/list.h"
#include "store/library.h"

#define CODEC_ROW(codec) &zsm_codec_##codec,

static const struct zsm_codec *const codecs[] = { ZSM_CODECS(CODEC_ROW) };

/* One for each library: at most one to compress and one to decompress for a codec. */
static struct module *libraries[2 * ARRAY_SIZE(codecs)];
static unsigned int nr_libraries;

/* Keeps a library, once for all of its functions. */
static bool library_keep(struct module *library)
{
	if (nr_libraries && libraries[nr_libraries - 1] == library)
		return true;
	if (nr_libraries == ARRAY_SIZE(libraries) || !try_module_get(library))
		return false;
	libraries[nr_libraries++] = library;
	return true;
}

static void codec_find_missing(const struct zsm_codec *codec,
			       struct module *library)
{
	const struct zsm_symbol *symbol = codec->needs;

	for (; symbol && symbol->name; symbol++) {
		void *func;

		if (*symbol->func)
			continue;
		func = compat_module_symbol(library, symbol->name);
		if (!func || !library_keep(library))
			continue;
		/* Pairs with the acquire in zsm_codec_available(). */
		smp_store_release(symbol->func, func);
	}
}

/* Two modules may become live at once. */
static int library_notify(struct notifier_block *nb, unsigned long state,
			  void *data)
{
	static DEFINE_MUTEX(lock);
	size_t i;

	if (state != MODULE_STATE_LIVE)
		return NOTIFY_DONE;
	mutex_lock(&lock);
	for (i = 0; i < ARRAY_SIZE(codecs); i++) {
		codec_find_missing(codecs[i], data);
		/* Some kernels lack what a dictionary takes, and the twin with it. */
		if (codecs[i]->with_dict)
			codec_find_missing(codecs[i]->with_dict, data);
	}
	mutex_unlock(&lock);
	return NOTIFY_DONE;
}

static struct notifier_block library_notifier = {
	.notifier_call = library_notify,
};

int __init zsm_libraries_init(void)
{
	return register_module_notifier(&library_notifier);
}

void zsm_libraries_exit(void)
{
	unregister_module_notifier(&library_notifier);
	while (nr_libraries)
		module_put(libraries[--nr_libraries]);
}
