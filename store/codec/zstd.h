/* SPDX-License-Identifier: GPL-2.0 */
/* What zstd shares with its twin that takes a dictionary. */
#ifndef ZSM_ZSTD_H
#define ZSM_ZSTD_H

#include "store/codec.h"

/* Whether zstd takes the level, and no window. Context: any. */
bool zsm_zstd_takes(const struct zsm_params *params);

/* The level, or zstd's default. Context: any. */
int zsm_zstd_level(const struct zsm_params *params);

#endif /* ZSM_ZSTD_H */
