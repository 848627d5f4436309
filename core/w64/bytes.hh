/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Loads, stores and copies; a block has no alignment. */
#ifndef ZSM_W64_BYTES_HH
#define ZSM_W64_BYTES_HH

#include <cstddef>
#include <cstdint>

/* A test has the page change between any two reads of it. */
#ifndef W64_BEFORE_LOAD
#define W64_BEFORE_LOAD(from) static_cast<void>(from)
#endif

/*
 * Everything that the codec's object files have in common is inlined into
 * them. Were a function left over, the linker would keep one copy of it, and
 * the portable build might find itself with that of another processor.
 */
#define W64_INLINE [[gnu::always_inline]] inline
/*
 * A function template of external linkage makes a COMDAT group. objtool has
 * spoilt the names of such groups, so that the linker took one object's
 * functions for another's.
 */
#define W64_NOINLINE [[gnu::noinline]] static

namespace zsm::w64 {

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);

template <class T>
W64_INLINE T load(const void *from) noexcept
{
	T value;

	W64_BEFORE_LOAD(from);
	__builtin_memcpy(&value, from, sizeof(value));
	return value;
}

template <class T>
W64_INLINE void store(void *to, T value) noexcept
{
	__builtin_memcpy(to, &value, sizeof(value));
}

W64_INLINE uint64_t load64(const void *from) noexcept
{
	return load<uint64_t>(from);
}

W64_INLINE void store64(void *to, uint64_t value) noexcept
{
	store<uint64_t>(to, value);
}

/* Bytes past its end that a copy in steps may read and write. */
inline constexpr uint32_t copy_slack = 15;

W64_INLINE void copy16(uint8_t *to, const uint8_t *from) noexcept
{
	store64(to, load64(from));
	store64(to + 8, load64(from + 8));
}

/* Copies at least one step; the source is 8 bytes or more before @to. */
W64_INLINE void copy_steps(uint8_t *to, const uint8_t *from, size_t nr) noexcept
{
	uint8_t *const end = to + nr;

	do {
		copy16(to, from);
		to += 16;
		from += 16;
	} while (to < end);
}

/* Byte by byte: a source just before @to repeats. Not for the hot paths. */
W64_INLINE void copy_bytes(uint8_t *to, const uint8_t *from, size_t nr) noexcept
{
	for (size_t i = 0; i < nr; i++) {
		to[i] = from[i];
		/* A loop of its own it stays, and no call of memcpy. */
		__asm__ volatile("" : : : "memory");
	}
}

/*
 * The compiler is to know nothing about the value from here on. Selects that
 * go through this stay arithmetic; as branches they would be mispredicted.
 */
template <class T>
W64_INLINE T opaque(T value) noexcept
{
	__asm__("" : "+r"(value));
	return value;
}

W64_INLINE bool likely(bool what) noexcept
{
	return __builtin_expect(what, true);
}

W64_INLINE bool unlikely(bool what) noexcept
{
	return __builtin_expect(what, false);
}

} /* namespace zsm::w64 */

#endif /* ZSM_W64_BYTES_HH */
