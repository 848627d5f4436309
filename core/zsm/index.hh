/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Indices of different things that must not be mistaken for one another:
 * making one is explicit, and none converts to another or to a number.
 */
#ifndef ZSM_CORE_INDEX_HH
#define ZSM_CORE_INDEX_HH

#include <cstdint>

namespace zsm {

enum class obj_idx : uint32_t {};
enum class page_idx : uint32_t {};

template <typename T>
concept index = requires(T i)
{
	requires __is_enum(T);
	static_cast<uint32_t>(i);
};

constexpr uint32_t raw(index auto i) noexcept
{
	return static_cast<uint32_t>(i);
}

template <index T>
constexpr T next(T i) noexcept
{
	return T{raw(i) + 1};
}

/* From the first to the last of some things in a row, both included. */
template <index T>
struct span_of {
	T first;
	T last;

	constexpr uint32_t count() const noexcept
	{
		return raw(last) - raw(first) + 1;
	}
};

} /* namespace zsm */

#endif /* ZSM_CORE_INDEX_HH */
