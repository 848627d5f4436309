/* SPDX-License-Identifier: GPL-2.0 */
/* The codec of a device that was not told which: the parameter default_algorithm. */
#ifndef ZRAM_DEFAULT_CODEC_H
#define ZRAM_DEFAULT_CODEC_H

struct zsm_codec;

/**
 * zram_default_codec() - the codec that a device begins with
 *
 * Context: any.
 * Return: the one that the parameter names, if its library is there; else the store's
 *	own choice.
 */
const struct zsm_codec *zram_default_codec(void);

#endif /* ZRAM_DEFAULT_CODEC_H */
