// SPDX-License-Identifier: GPL-2.0
/* The table of codecs, and their parameters. */
#include <asm/barrier.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/sysfs.h>
#include <linux/vmalloc.h>

#include "store/codec.h"
#include "store/codec/list.h"

#define CODEC_ROW(codec) &zsm_codec_##codec,

static const struct zsm_codec *const codecs[] = { ZSM_CODECS(CODEC_ROW) };

bool zsm_codec_available(const struct zsm_codec *codec)
{
	const struct zsm_symbol *symbol = codec->needs;

	while (symbol && symbol->name) {
		/* Pairs with the release when the library was found. */
		if (!smp_load_acquire(symbol->func))
			return false;
		symbol++;
	}
	return true;
}
EXPORT_SYMBOL_GPL(zsm_codec_available);

const struct zsm_codec *zsm_codec_named(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(codecs); i++) {
		if (!strcmp(codecs[i]->name, name))
			return codecs[i];
	}
	return NULL;
}
EXPORT_SYMBOL_GPL(zsm_codec_named);

const struct zsm_codec *zsm_codec_find(const char *name)
{
	const struct zsm_codec *codec = zsm_codec_named(name);

	return codec && zsm_codec_available(codec) ? codec : NULL;
}
EXPORT_SYMBOL_GPL(zsm_codec_find);

const struct zsm_codec *zsm_codec_for(const struct zsm_codec *codec,
				      const struct zsm_params *params)
{
	if (!params->dict)
		return codec;
	codec = codec->with_dict;
	return codec && zsm_codec_available(codec) ? codec : NULL;
}

bool zsm_codec_takes(const struct zsm_codec *codec,
		     const struct zsm_params *params)
{
	void *shared;

	codec = zsm_codec_for(codec, params);
	if (!codec)
		return false;
	if (codec->takes ? !codec->takes(params)
			 : params->level != ZSM_LEVEL_DEFAULT ||
			   params->window_bits)
		return false;
	if (!codec->share)
		return true;
	shared = codec->share(params);
	if (!shared)
		return false;
	codec->unshare(shared);
	return true;
}
EXPORT_SYMBOL_GPL(zsm_codec_takes);

void zsm_params_reset(struct zsm_params *params)
{
	vfree(params->dict);
	*params = (struct zsm_params){ .level = ZSM_LEVEL_DEFAULT };
}
EXPORT_SYMBOL_GPL(zsm_params_reset);

const struct zsm_codec *zsm_codec_default(void)
{
	size_t i = 0;

	/* It ends: w64 always is. */
	while (!zsm_codec_available(codecs[i]))
		i++;
	return codecs[i];
}
EXPORT_SYMBOL_GPL(zsm_codec_default);

ssize_t zsm_codec_show(char *buf, size_t at, const char *selected)
{
	const struct zsm_codec *codec;
	const char *sep = "";
	ssize_t len = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(codecs); i++) {
		codec = codecs[i];
		if (!zsm_codec_available(codec))
			continue;
		if (selected && !strcmp(selected, codec->name))
			len += sysfs_emit_at(buf, at + len, "%s[%s]", sep,
					     codec->name);
		else
			len += sysfs_emit_at(buf, at + len, "%s%s", sep,
					     codec->name);
		sep = " ";
	}
	len += sysfs_emit_at(buf, at + len, "\n");
	return len;
}
EXPORT_SYMBOL_GPL(zsm_codec_show);
