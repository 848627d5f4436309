/* SPDX-License-Identifier: GPL-2.0 */
/* What lz4 shares with its twin that takes a dictionary. */
#ifndef ZSM_LZ4_H
#define ZSM_LZ4_H

#include "store/codec.h"

/* Whether lz4 takes the level, and no window. Context: any. */
bool zsm_lz4_takes(const struct zsm_params *params);

/* The level, or lz4's default. Context: any. */
int zsm_lz4_level(const struct zsm_params *params);

#endif /* ZSM_LZ4_H */
