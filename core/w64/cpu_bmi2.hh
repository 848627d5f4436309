/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* An x86-64 with BMI1, BMI2 and POPCNT: general-purpose registers only. */
#ifndef ZSM_W64_CPU_BMI2_HH
#define ZSM_W64_CPU_BMI2_HH

#include "core/w64/cpu.hh"

namespace zsm::w64 {

struct bmi2_cpu {
	W64_INLINE static uint32_t count_marks(uint64_t marks) noexcept
	{
		return static_cast<uint32_t>(__builtin_popcountll(marks));
	}

	W64_INLINE static uint32_t mask_of_marks(uint64_t marks) noexcept
	{
		return static_cast<uint32_t>(
			__builtin_ia32_pext_di(marks, every_mark));
	}

	W64_INLINE static uint64_t gather(uint64_t word, uint32_t mask) noexcept
	{
		return __builtin_ia32_pext_di(word, tables.spread[mask]);
	}

	template <class Tag>
	W64_INLINE static uint64_t scatter(uint64_t bytes,
					   const Tag &tag) noexcept
	{
		return __builtin_ia32_pdep_di(bytes, tag.mask);
	}

	W64_INLINE static uint64_t patch(uint64_t ref, uint64_t bytes,
					 uint32_t mask) noexcept
	{
		const uint64_t spread = tables.spread[mask];

		return (ref & ~spread) | __builtin_ia32_pdep_di(bytes, spread);
	}

	W64_INLINE static uint32_t mask_bytes(uint32_t mask) noexcept
	{
		return static_cast<uint32_t>(__builtin_popcount(mask));
	}

	W64_INLINE static uint32_t pack_nibbles(uint64_t bytes) noexcept
	{
		return static_cast<uint32_t>(
			__builtin_ia32_pext_di(bytes, every_low_nibble));
	}
};

} /* namespace zsm::w64 */

#endif /* ZSM_W64_CPU_BMI2_HH */
