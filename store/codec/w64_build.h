/* SPDX-License-Identifier: GPL-2.0 */
/*
 * W64 and w64hc as the modules call them. Which of their builds runs is chosen when a
 * module is loaded, and costs a patched jump afterwards.
 *
 * Each module that has the codec makes its own choice: one source file of it
 * includes this.
 */
#ifndef ZSM_W64_BUILD_H
#define ZSM_W64_BUILD_H

#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/jump_label.h>
#include <linux/mm.h>
#include <linux/types.h>
#ifdef CONFIG_X86_64
#include <asm/cpufeature.h>
#include <asm/processor.h>
#endif

#include "core/w64/w64hc.h"

static_assert(W64_PAGE_BYTES == PAGE_SIZE);

static DEFINE_STATIC_KEY_FALSE(w64_bmi2);

#if W64_HAS_BMI2

static inline bool w64_cpu_has_bmi2(void)
{
	return boot_cpu_has(X86_FEATURE_BMI1) &&
	       boot_cpu_has(X86_FEATURE_BMI2) &&
	       boot_cpu_has(X86_FEATURE_POPCNT);
}

/*
 * Where PEXT and PDEP are microcode they take longer than all that the build
 * saves: on AMD's families before 19h, and on Hygon's, which descend from them.
 * User Mode Linux does not know what it runs on.
 */
static inline bool w64_cpu_is_fast_at_bmi2(void)
{
#ifndef CONFIG_UML
	if (boot_cpu_data.x86_vendor == X86_VENDOR_AMD)
		return boot_cpu_data.x86 >= 0x19;
	if (boot_cpu_data.x86_vendor == X86_VENDOR_HYGON)
		return false;
#endif
	return true;
}

#else

static inline bool w64_cpu_has_bmi2(void)
{
	return false;
}

static inline bool w64_cpu_is_fast_at_bmi2(void)
{
	return false;
}

#endif

/**
 * w64_choose() - choose the build
 * @wanted: one of W64_BMI2_*
 *
 * Context: may sleep. Both builds read each other's blocks and give the same bytes, so
 *	nothing but time depends on it, and pages may be compressed meanwhile.
 * Return: W64_BMI2_ALWAYS or W64_BMI2_NEVER, which is what was chosen.
 */
static inline int w64_choose(int wanted)
{
	bool bmi2 = wanted != W64_BMI2_NEVER && w64_cpu_has_bmi2() &&
		    (wanted != W64_BMI2_AUTO || w64_cpu_is_fast_at_bmi2());

	if (bmi2)
		static_branch_enable(&w64_bmi2);
	else
		static_branch_disable(&w64_bmi2);
	return bmi2 ? W64_BMI2_ALWAYS : W64_BMI2_NEVER;
}

/* As w64_compress_portable(), by the build that was chosen. */
static inline u32 w64_compress(const void *page, void *dst, void *work)
{
#if W64_HAS_BMI2
	if (static_branch_likely(&w64_bmi2))
		return w64_compress_bmi2(page, dst, work);
#endif
	return w64_compress_portable(page, dst, work);
}

/* As w64_decompress_portable(), by the build that was chosen. */
static inline int w64_decompress(const void *src, size_t len, void *page)
{
#if W64_HAS_BMI2
	if (static_branch_likely(&w64_bmi2))
		return w64_decompress_bmi2(src, len, page);
#endif
	return w64_decompress_portable(src, len, page);
}

/* As w64hc_compress_portable(), by the build that was chosen. */
static inline u32 w64hc_compress(const void *page, void *dst, void *work,
				 u32 level)
{
#if W64_HAS_BMI2
	if (static_branch_likely(&w64_bmi2))
		return w64hc_compress_bmi2(page, dst, work, level);
#endif
	return w64hc_compress_portable(page, dst, work, level);
}

/* As w64hc_decompress_portable(), by the build that was chosen. */
static inline int w64hc_decompress(const void *src, size_t len, void *page,
				   void *work)
{
#if W64_HAS_BMI2
	if (static_branch_likely(&w64_bmi2))
		return w64hc_decompress_bmi2(src, len, page, work);
#endif
	return w64hc_decompress_portable(src, len, page, work);
}

#endif /* ZSM_W64_BUILD_H */
