/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Selects that are never branches. GCC makes branches of ?: where these are
 * used, which the data makes unpredictable: a page of words took 94
 * mispredicted branches to decode that way, and 14 this way. The plain form,
 * for other processors, hides the condition from the compiler; a test compares
 * the two.
 */
#ifndef ZSM_W64_HC_SELECT_HH
#define ZSM_W64_HC_SELECT_HH

#include "core/w64/bytes.hh"

namespace zsm::w64::hc {

/* The other way to write them, which every compiler takes. */
struct plain_select {
	/* @value, or @other if a bit of @Bits is set in @flags. */
	template <uint8_t Bits>
	W64_INLINE static uint64_t by_flag(uint64_t value, uint64_t other,
					   uint32_t flags) noexcept
	{
		const uint64_t mask = opaque(-uint64_t{(flags & Bits) != 0});

		return value ^ ((value ^ other) & mask);
	}

	/* @value, or @other if @value is below @least. */
	W64_INLINE static uint64_t unless_below(uint64_t value, uint64_t least,
						uint64_t other) noexcept
	{
		const uint64_t mask = opaque(-uint64_t{value < least});

		return value ^ ((value ^ other) & mask);
	}
};

#ifdef __x86_64__
struct select {
	template <uint8_t Bits>
	W64_INLINE static uint64_t by_flag(uint64_t value, uint64_t other,
					   uint32_t flags) noexcept
	{
		__asm__("testb %1, %b2\n\tcmovnz %3, %0"
			: "+r"(value)
			: "i"(Bits), "q"(flags), "r"(other)
			: "cc");
		return value;
	}

	W64_INLINE static uint64_t unless_below(uint64_t value, uint64_t least,
						uint64_t other) noexcept
	{
		__asm__("cmpq %1, %0\n\tcmovb %2, %0"
			: "+r"(value)
			: "r"(least), "r"(other)
			: "cc");
		return value;
	}
};
#else
using select = plain_select;
#endif

W64_INLINE const uint8_t *unless_below(const uint8_t *value,
				       const uint8_t *least,
				       const uint8_t *other) noexcept
{
	return reinterpret_cast<const uint8_t *>(
		select::unless_below(reinterpret_cast<uintptr_t>(value),
				     reinterpret_cast<uintptr_t>(least),
				     reinterpret_cast<uintptr_t>(other)));
}

} /* namespace zsm::w64::hc */

#endif /* ZSM_W64_HC_SELECT_HH */
