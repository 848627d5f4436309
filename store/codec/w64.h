/* SPDX-License-Identifier: GPL-2.0 */
/* Which build of w64 runs in the store. */
#ifndef ZSM_CODEC_W64_H
#define ZSM_CODEC_W64_H

#include "core/w64/w64.h"

/**
 * zsm_w64_choose() - choose the build of w64 that all fronts use
 * @wanted: W64_BMI2_*; W64_BMI2_AUTO keeps what was chosen
 *
 * Context: may sleep. The builds give the same bytes and read each other's, so that
 *	pages may be compressed meanwhile.
 * Return: W64_BMI2_ALWAYS or W64_BMI2_NEVER, which is what is chosen.
 */
int zsm_w64_choose(int wanted);

/* Chooses by the module's parameter, when the module is loaded. May sleep. */
void zsm_w64_init(void);

#endif /* ZSM_CODEC_W64_H */
