/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The word coder, encoding: a tag for each word of a page, and the payload.
 *
 * A page of a heap is an array of 64-bit words, and most of them resemble one
 * a few words before: the same field of the record before. That distance, the
 * lag, changes seldom. So a word is compared with the word at the last lag
 * first; only if more than two bytes differ is it compared with zero, with
 * the word at the lag before, and with the newest word whose upper bytes have
 * the same hash.
 *
 * How tags are written is the block's business: it gets one byte a tag.
 */
#ifndef ZSM_W64_WORD_ENCODE_HH
#define ZSM_W64_WORD_ENCODE_HH

#include "core/w64/cpu.hh"
#include "core/w64/format.hh"

namespace zsm::w64 {

/*
 * The newest position of each hash, modulo 256. That is all a lag can express,
 * and makes every slot, even one that was never set, stand for a word that is
 * there: a lag of 1 to 256 and at most the position.
 */
constexpr uint32_t word_slots = 512;

struct word_work {
	uint8_t slots[word_slots];
};

static_assert(max_lag == 1u << 8 * sizeof(uint8_t));

/* Payload is written in steps of eight bytes. */
constexpr uint32_t payload_slack = 8;
constexpr uint32_t gave_up = ~0u;

/*
 * If the payload is this much after so many words, the LZ coder will most
 * likely do better. Looked at every check_words words.
 */
constexpr uint32_t check_words = 64;

W64_INLINE constexpr uint32_t payload_limit(uint32_t nr_words) noexcept
{
	return 4 * nr_words + 96;
}

/* The most that encode_words() writes to the payload. */
template <class Page>
constexpr uint32_t payload_room = payload_limit(Page::words - check_words) +
				  check_words *max_word_bytes + payload_slack;

W64_INLINE size_t word_hash(uint64_t word) noexcept
{
	return (word >> 16) * 0x9e3779b97f4a7c15 >> 55;
}

static_assert(1u << (64 - 55) == word_slots);

template <class Cpu>
struct word_writer {
	uint8_t *payload;
	uint8_t *tag;

	/* A word, what is in @marks, against a reference of kind @ref. */
	W64_INLINE void put(uint64_t word, size_t ref, uint64_t marks) noexcept
	{
		const choice how =
			tables.choices[ref][Cpu::mask_of_marks(marks)];

		*tag++ = how.tag;
		*payload = how.mask;
		payload += how.mask_bytes;
		store64(payload, Cpu::gather(word, how.mask));
		payload += how.bytes;
	}
};

/*
 * Where the word at a lag is, in bytes from the word that is looked at. In the
 * loop over the words every register counts: lags are kept in this form, and
 * words are found by their addresses.
 */
using back = ptrdiff_t;

W64_INLINE back back_of(size_t lag) noexcept
{
	return -8 * static_cast<ptrdiff_t>(lag);
}

struct lags {
	back last;
	back previous;
};

/*
 * A word that differs from the one at the last lag in more than two bytes:
 * @marks_last. @lag is that of the newest word of its hash. What is written
 * to the payload decides, in half bytes: the masked bytes, a mask, a lag, and
 * a bias for what keeps the lags.
 */
template <class Cpu>
W64_INLINE void encode_far_word(word_writer<Cpu> &to, const uint8_t *at,
				size_t lag, uint64_t word, uint64_t marks_last,
				lags &seen) noexcept
{
	const back fresh = back_of(lag);
	const uint64_t marks_zero = mark_nonzero(word);
	const uint64_t marks_prev =
		mark_nonzero(word ^ load64(at + seen.previous));
	const uint64_t marks_new = mark_nonzero(word ^ load64(at + fresh));
	const uint32_t cost_last = Cpu::count_marks(marks_last) * 2;
	const uint32_t cost_zero = Cpu::count_marks(marks_zero) * 2 + 1;
	const uint32_t cost_prev = Cpu::count_marks(marks_prev) * 2 + 2;
	const uint32_t cost_new = Cpu::count_marks(marks_new) * 2 + 4;
	const bool is_zero = cost_zero < cost_last;
	const size_t is_new = cost_new < cost_prev;
	const uint32_t cost_keep = is_zero ? cost_zero : cost_last;
	const uint32_t cost_change = is_new ? cost_new : cost_prev;

	if (__builtin_expect_with_probability(cost_change < cost_keep, 0,
					      0.6)) {
		/* Together with the rest, this would become selects. */
		__asm__ volatile("");

		const uint64_t pick = opaque(-uint64_t{is_new});
		const uint64_t marks =
			marks_prev ^ ((marks_prev ^ marks_new) & pick);
		const back used = seen.previous ^ ((seen.previous ^ fresh) &
						   static_cast<back>(pick));

		seen.previous = seen.last;
		seen.last = used;
		*to.payload = static_cast<uint8_t>(lag - 1);
		to.payload += is_new;
		to.put(word, ref_previous + is_new, marks);
		return;
	}
	to.put(word, is_zero ? ref_zero : ref_last,
	       is_zero ? marks_zero : marks_last);
}

/**
 * encode_words() - turn a page into tags and payload
 * @page: the page, aligned to 8
 * @payload: payload_room<Page> bytes
 * @tags: receives a tag for each word
 * @work: cleared here
 *
 * Return: bytes of payload, or gave_up if there were too many.
 */
template <class Cpu, class Page>
W64_INLINE uint32_t encode_words(const uint8_t *page, uint8_t *payload,
				 uint8_t *tags, word_work &work) noexcept
{
	word_writer<Cpu> to{payload, tags};
	lags seen{back_of(1), back_of(1)};
	const uint8_t *limit = payload + payload_limit(check_words);
	const uint8_t *at = page;
	const uint8_t *stop = page;
	uint64_t word = load64(at);

	__builtin_memset(work.slots, 0, sizeof(work.slots));
	to.put(word, ref_zero, mark_nonzero(word));
	for (;;) {
		stop += 8 * check_words;
		while ((at += 8) < stop) {
			word = load64(at);
			const uint64_t differ = word ^ load64(at + seen.last);

			if (!differ) {
				*to.tag++ = tag_same;
				continue;
			}

			const uint64_t marks = mark_nonzero(differ);
			const size_t i = static_cast<size_t>(at - page) / 8;
			uint8_t &newest = work.slots[word_hash(word)];
			const size_t lag = ((i - newest - 1) & 255) + 1;

			newest = static_cast<uint8_t>(i);
			if (Cpu::count_marks(marks) <= 2)
				to.put(word, ref_last, marks);
			else
				encode_far_word<Cpu>(to, at, lag, word, marks,
						     seen);
		}
		if (stop == page + Page::bytes)
			break;
		if (unlikely(to.payload > limit))
			return gave_up;
		limit += payload_limit(check_words) - payload_limit(0);
		at -= 8;
	}
	return static_cast<uint32_t>(to.payload - payload);
}

} /* namespace zsm::w64 */

#endif /* ZSM_W64_WORD_ENCODE_HH */
