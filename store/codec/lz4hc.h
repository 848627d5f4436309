/* SPDX-License-Identifier: GPL-2.0 */
/* What lz4hc shares with its twin that takes a dictionary. */
#ifndef ZSM_LZ4HC_H
#define ZSM_LZ4HC_H

#include "store/codec.h"

/* Whether lz4hc takes the level, and no window. Context: any. */
bool zsm_lz4hc_takes(const struct zsm_params *params);

/* The level, or lz4hc's default. Context: any. */
int zsm_lz4hc_level(const struct zsm_params *params);

#endif /* ZSM_LZ4HC_H */
