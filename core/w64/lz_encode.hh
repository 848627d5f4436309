/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The LZ coder, encoding: for pages that are no arrays of words, which is text
 * and machine code mostly. A greedy parse with one hash table.
 */
#ifndef ZSM_W64_LZ_ENCODE_HH
#define ZSM_W64_LZ_ENCODE_HH

#include "core/w64/bytes.hh"
#include "core/w64/format.hh"

namespace zsm::w64 {

constexpr uint32_t lz_slots = 4096;

/* The newest position of each hash of five bytes; 0 where there was none. */
struct lz_work {
	uint16_t slots[lz_slots];
};

static_assert((lz_slots & (lz_slots - 1)) == 0);

W64_INLINE uint32_t lz_hash(uint64_t bytes) noexcept
{
	return (bytes << 24) * 0x9e3779b97f4a7c15 >> 52;
}

static_assert(1u << (64 - 52) == lz_slots);

/* No match starts later than this before the page's end. */
constexpr uint32_t lz_last_match = 16;

/*
 * What the encoder may write. A sequence never takes more than half a byte
 * above what it stands for, but for the bytes of a long run's length.
 */
template <class Page>
constexpr uint32_t lz_room =
	Page::bytes + Page::bytes / lz_length_byte + 8 + copy_slack;

/* Misses, as a power of two, after which the search takes larger steps. */
inline constexpr uint32_t lz_patience = 5;
inline constexpr uint32_t noise_patience = 4;

class lz_writer {
public:
	W64_INLINE explicit lz_writer(uint8_t *to) noexcept : at_(to) {}

	W64_INLINE uint8_t *at() const noexcept { return at_; }

	/* May read and write copy_slack bytes more. */
	W64_INLINE void literals(const uint8_t *from, uint32_t nr) noexcept
	{
		if (likely(start(nr)))
			copy16(at_, from);
		else
			copy_steps(at_, from, nr);
		at_ += nr;
	}

	/* Those that end the page. */
	W64_INLINE void last_literals(const uint8_t *from, uint32_t nr) noexcept
	{
		start(nr);
		copy_bytes(at_, from, nr);
		at_ += nr;
	}

	W64_INLINE void no_literals() noexcept { start(0); }

	W64_INLINE void match(uint32_t offset, uint32_t more) noexcept
	{
		const uint32_t nibble = more < lz_nibble ? more : lz_nibble;

		store<uint16_t>(at_,
				static_cast<uint16_t>(
					offset | nibble << lz_offset_bits));
		at_ += 2;
		if (unlikely(more >= lz_nibble))
			length(more - lz_nibble);
	}

private:
	/* A sequence begins. True if its literals are fewer than a nibble. */
	W64_INLINE bool start(uint32_t nr) noexcept
	{
		const bool few = nr < lz_nibble;

		shift_ ^= 4;
		if (!shift_) {
			nibbles_ = at_++;
			*nibbles_ = 0;
		}
		*nibbles_ |= (few ? nr : lz_nibble) << shift_;
		if (!few)
			length(nr - lz_nibble);
		return few;
	}

	W64_INLINE void length(uint32_t more) noexcept
	{
		for (; more >= lz_length_byte; more -= lz_length_byte)
			*at_++ = lz_length_byte;
		*at_++ = static_cast<uint8_t>(more);
	}

	uint8_t *at_;
	uint8_t *nibbles_ = nullptr;
	uint32_t shift_ = 4;
};

/* Where a page's strings were seen, by the hash of their first five bytes. */
template <class Page>
class lz_finder {
public:
	W64_INLINE lz_finder(const uint8_t *page, lz_work &work) noexcept
		: page_(page), slots_(work.slots)
	{
		__builtin_memset(slots_, 0, sizeof(work.slots));
	}

	W64_INLINE void insert(const uint8_t *at) noexcept
	{
		slots_[lz_hash(load64(at))] = static_cast<uint16_t>(at - page_);
	}

	/*
	 * An earlier place with the same four bytes, or null. Slots that were
	 * never set stand for the page's first bytes.
	 */
	W64_INLINE const uint8_t *find(const uint8_t *at) noexcept
	{
		const uint64_t bytes = load64(at);
		const uint32_t hash = lz_hash(bytes);
		const uint8_t *const seen = page_ + slots_[hash];

		slots_[hash] = static_cast<uint16_t>(at - page_);
		if (load<uint32_t>(seen) != static_cast<uint32_t>(bytes))
			return nullptr;
		if constexpr (Page::bytes > lz_max_offset + 1) {
			if (at - seen > lz_max_offset)
				return nullptr;
		}
		return seen;
	}

private:
	const uint8_t *page_;
	uint16_t *slots_;
};

/* The end of a match of four bytes or more at @at. */
W64_INLINE const uint8_t *match_end(const uint8_t *at, const uint8_t *seen,
				    const uint8_t *end) noexcept
{
	at += lz_min_match;
	seen += lz_min_match;
	while (likely(end - at >= 8)) {
		const uint64_t differ = load64(at) ^ load64(seen);

		if (differ)
			return at + (__builtin_ctzll(differ) >> 3);
		at += 8;
		seen += 8;
	}
	while (at < end && *at == *seen) {
		at++;
		seen++;
	}
	return at;
}

/**
 * encode_lz() - turn a page into sequences
 * @page: the page
 * @to: lz_room<Page> bytes
 * @work: cleared here
 *
 * Return: bytes written, or 0 if they would be more than Page::worth.
 */
template <class Page, uint32_t Patience>
W64_INLINE uint32_t encode_lz(const uint8_t *page, uint8_t *to,
			      lz_work &work) noexcept
{
	const uint8_t *const end = page + Page::bytes;
	const uint8_t *const stop = end - lz_last_match;
	const uint8_t *const full = to + Page::worth;
	const uint8_t *at = page + 1;
	const uint8_t *done = page;
	lz_finder<Page> finder(page, work);
	lz_writer out(to);

	for (;;) {
		uint32_t step = 1u << Patience;
		const uint8_t *seen;

		while (!(seen = finder.find(at))) {
			at += step++ >> Patience;
			if (unlikely(at > stop))
				goto tail;
		}

		/*
		 * It ends behind where it was found, whatever is read of it
		 * again: the page may change. So no slot is ever of a place
		 * ahead, from which a match would run past the page's end.
		 */
		const uint8_t *match = match_end(at, seen, end);

		while (at > done && seen > page && at[-1] == seen[-1]) {
			at--;
			seen--;
		}
		if (unlikely(out.at() + (at - done) > full))
			return 0;
		out.literals(done, static_cast<uint32_t>(at - done));
		for (;;) {
			out.match(static_cast<uint32_t>(at - seen),
				  static_cast<uint32_t>(match - at) -
					  lz_min_match);
			done = match;
			at = match;
			if (unlikely(at > stop))
				goto tail;
			finder.insert(at - 2);
			seen = finder.find(at);
			if (!seen)
				break;
			match = match_end(at, seen, end);
			out.no_literals();
		}
		if (unlikely(++at > stop))
			break;
	}
tail:
	if (done < end) {
		const auto left = static_cast<uint32_t>(end - done);

		if (out.at() + left > full)
			return 0;
		out.last_literals(done, left);
	}
	const auto bytes = static_cast<uint32_t>(out.at() - to);

	return bytes <= Page::worth ? bytes : 0;
}

} /* namespace zsm::w64 */

#endif /* ZSM_W64_LZ_ENCODE_HH */
