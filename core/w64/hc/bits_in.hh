/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Reading the eight streams of codes that bits_out.hh writes. All eight are
 * read at once, a symbol of each in turn, which is a row: what one waits for,
 * the others do not.
 */
#ifndef ZSM_W64_HC_BITS_IN_HH
#define ZSM_W64_HC_BITS_IN_HH

#include "core/w64/bytes.hh"
#include "core/w64/hc/tables.hh"

namespace zsm::w64::hc {

inline constexpr uint32_t row = nr_streams;
/* Five codes of ten bits and a byte that is begun: 57 bits, and the mark. */
inline constexpr uint32_t rows_a_refill = 5;

/*
 * A stream being read: the next bit is the highest of @bits_. Of the 64 bits
 * that are loaded, the lowest is replaced by a one, so that the zeros below it
 * count what has been taken since. Pointers are kept where eight bytes can be
 * loaded; that makes it safe to read anything, and the end of the streams
 * tells whether it was needed.
 */
class up_stream {
public:
	W64_INLINE explicit up_stream(const uint8_t *from) noexcept : at_(from)
	{
	}

	template <uint32_t Bits>
	W64_INLINE uint8_t next(const uint16_t *codes) noexcept
	{
		const uint32_t entry = codes[bits_ >> (64 - Bits)];

		bits_ <<= entry & 63;
		return static_cast<uint8_t>(entry >> 8);
	}

	W64_INLINE void refill(const uint8_t *highest) noexcept
	{
		const auto taken =
			static_cast<uint32_t>(__builtin_ctzll(bits_));

		at_ += taken >> 3;
		at_ = at_ > highest ? highest : at_;
		bits_ = (__builtin_bswap64(load64(at_)) | 1) << (taken & 7);
	}

	/* Past the last byte that has been begun; after a refill. */
	W64_INLINE const uint8_t *end() const noexcept
	{
		return at_ + !(bits_ & 1);
	}

private:
	const uint8_t *at_;
	uint64_t bits_ = 1;
};

class down_stream {
public:
	W64_INLINE explicit down_stream(const uint8_t *from) noexcept
		: at_(from)
	{
	}

	template <uint32_t Bits>
	W64_INLINE uint8_t next(const uint16_t *codes) noexcept
	{
		const uint32_t entry = codes[bits_ >> (64 - Bits)];

		bits_ <<= entry & 63;
		return static_cast<uint8_t>(entry >> 8);
	}

	W64_INLINE void refill(const uint8_t *lowest) noexcept
	{
		const auto taken =
			static_cast<uint32_t>(__builtin_ctzll(bits_));

		at_ -= taken >> 3;
		at_ = at_ < lowest ? lowest : at_;
		bits_ = (load64(at_ - 8) | 1) << (taken & 7);
	}

	/* The lowest byte that has been begun; after a refill. */
	W64_INLINE const uint8_t *end() const noexcept
	{
		return at_ - !(bits_ & 1);
	}

private:
	const uint8_t *at_;
	uint64_t bits_ = 1;
};

class stream_reader {
public:
	/*
	 * The regions begin at @from and end at @to, and the first three have
	 * @sizes. Eight bytes can be loaded from @highest on, and up to
	 * @lowest.
	 */
	W64_INLINE stream_reader(const uint8_t *from, const uint32_t *sizes,
				 const uint8_t *to, const uint8_t *lowest,
				 const uint8_t *highest) noexcept
		: lowest_(lowest),
		  highest_(highest),
		  s0_(from),
		  s1_(from + sizes[0]),
		  s2_(from + sizes[0] + sizes[1]),
		  s3_(from + sizes[0] + sizes[1] + sizes[2]),
		  s4_(from + sizes[0]),
		  s5_(from + sizes[0] + sizes[1]),
		  s6_(from + sizes[0] + sizes[1] + sizes[2]),
		  s7_(to)
	{
		refill();
	}

	/*
	 * Reads @nr symbols, and the rest of their last row. Writes that too.
	 */
	template <uint32_t Bits>
	W64_INLINE void read(const uint16_t *codes, uint8_t *to,
			     uint32_t nr) noexcept
	{
		uint8_t *const end = to + nr;

		to = read_refills<Bits>(codes, to, end);
		for (; to < end; to += row)
			read_row<Bits>(codes, to);
		refill();
	}

	/*
	 * Reads @nr symbols that nothing follows, so that their last row need
	 * not be whole. False if the streams did not stay in their regions,
	 * that row apart.
	 */
	template <uint32_t Bits>
	W64_INLINE bool finish(const uint16_t *codes, uint8_t *to,
			       uint32_t nr) noexcept
	{
		uint8_t *const end = to + nr;
		uint8_t *const whole = to + (nr & ~(row - 1));

		to = read_refills<Bits>(codes, to, whole);
		for (; to < whole; to += row)
			read_row<Bits>(codes, to);
		refill();

		const bool good = apart();

		if (to < end)
			read_row<Bits>(codes, to);
		return good;
	}

	W64_INLINE bool apart() const noexcept
	{
		return (s4_.end() > lowest_) & (s0_.end() <= s4_.end()) &
		       (s1_.end() <= s5_.end()) & (s2_.end() <= s6_.end()) &
		       (s3_.end() <= s7_.end());
	}

private:
	template <uint32_t Bits>
	W64_INLINE uint8_t *read_refills(const uint16_t *codes, uint8_t *to,
					 const uint8_t *end) noexcept
	{
		while (end - to >=
		       static_cast<ptrdiff_t>(rows_a_refill) * row) {
			read_row<Bits>(codes, to);
			read_row<Bits>(codes, to + row);
			read_row<Bits>(codes, to + 2 * row);
			read_row<Bits>(codes, to + 3 * row);
			read_row<Bits>(codes, to + 4 * row);
			refill();
			to += rows_a_refill * row;
		}
		return to;
	}

	template <uint32_t Bits>
	W64_INLINE void read_row(const uint16_t *codes, uint8_t *to) noexcept
	{
		to[0] = s0_.next<Bits>(codes);
		to[1] = s1_.next<Bits>(codes);
		to[2] = s2_.next<Bits>(codes);
		to[3] = s3_.next<Bits>(codes);
		to[4] = s4_.next<Bits>(codes);
		to[5] = s5_.next<Bits>(codes);
		to[6] = s6_.next<Bits>(codes);
		to[7] = s7_.next<Bits>(codes);
	}

	W64_INLINE void refill() noexcept
	{
		s0_.refill(highest_);
		s1_.refill(highest_);
		s2_.refill(highest_);
		s3_.refill(highest_);
		s4_.refill(lowest_);
		s5_.refill(lowest_);
		s6_.refill(lowest_);
		s7_.refill(lowest_);
	}

	const uint8_t *lowest_;
	const uint8_t *highest_;
	up_stream s0_, s1_, s2_, s3_;
	down_stream s4_, s5_, s6_, s7_;
};

} /* namespace zsm::w64::hc */

#endif /* ZSM_W64_HC_BITS_IN_HH */
