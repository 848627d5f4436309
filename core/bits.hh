/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* The lowest and the highest bit that is set in a mask, which is not 0. */
#ifndef ZSM_CORE_BITS_HH
#define ZSM_CORE_BITS_HH

#include <cstdint>

namespace zsm {

constexpr uint32_t lowest_bit(uint32_t mask) noexcept
{
	return static_cast<uint32_t>(__builtin_ctz(mask));
}

constexpr uint32_t highest_bit(uint32_t mask) noexcept
{
	return 31 - static_cast<uint32_t>(__builtin_clz(mask));
}

} /* namespace zsm */

#endif /* ZSM_CORE_BITS_HH */
