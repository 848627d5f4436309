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

#include "cpu.hh"
#include "format.hh"

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

/* Payload is written in steps of eight bytes. */
constexpr uint32_t payload_slack = 8;
constexpr uint32_t gave_up = ~0u;

/*
 * The page is no array of words if its payload is this much after so many of
 * them. Looked at every check_words words.
 */
constexpr uint32_t check_words = 64;

W64_INLINE constexpr uint32_t payload_limit(uint32_t nr_words) noexcept
{
	return 7 * nr_words + 64;
}

/* The most that encode_words() writes to the payload. */
template <class Page>
constexpr uint32_t payload_room =
	payload_limit(Page::words - check_words) +
	check_words * max_word_bytes + payload_slack;

W64_INLINE uint32_t word_hash(uint64_t word) noexcept
{
	return (word >> 16) * 0x9e3779b97f4a7c15 >> 55;
}

static_assert(1u << (64 - 55) == word_slots);

template <class Cpu>
class word_writer {
public:
	W64_INLINE word_writer(uint8_t *payload, uint8_t *tags) noexcept
		: at_(payload), tag_(tags)
	{
	}

	W64_INLINE uint8_t *at() const noexcept { return at_; }

	W64_INLINE void same() noexcept { *tag_++ = tag_same; }

	/* A word that has @marks against one of the first two references. */
	W64_INLINE void put(uint64_t word, uint32_t ref,
			    uint64_t marks) noexcept
	{
		put_choice(word, ref, marks);
	}

	/* One at the previous lag, or (@is_new, 1 or 0) at a new one. */
	W64_INLINE void put_lag(uint64_t word, uint64_t marks, uint32_t lag,
				uint32_t is_new) noexcept
	{
		*at_ = lag - 1;
		at_ += is_new;
		put_choice(word, ref_previous + is_new, marks);
	}

private:
	W64_INLINE void put_choice(uint64_t word, uint32_t ref,
				   uint64_t marks) noexcept
	{
		const choice how =
			tables.choices[ref][Cpu::mask_of_marks(marks)];

		*tag_++ = how.tag;
		*at_ = how.mask;
		at_ += how.mask_bytes;
		store64(at_, Cpu::gather(word, how.mask));
		at_ += how.bytes;
	}

	uint8_t *at_;
	uint8_t *tag_;
};

/* The last lag and the one before, in words. */
struct lag_pair {
	uint32_t last = 1;
	uint32_t previous = 1;

	W64_INLINE void use(uint32_t lag) noexcept
	{
		previous = last;
		last = lag;
	}
};

/*
 * A word that differs from the one at the last lag in more than two bytes:
 * @marks_last. What is written to the payload decides, in half bytes: the
 * masked bytes, a mask, a lag, and a bias for what keeps the lags.
 */
template <class Cpu>
W64_INLINE void encode_far_word(word_writer<Cpu> &to, const uint8_t *page,
				uint32_t i, uint32_t hashed, uint64_t word,
				uint64_t marks_last, lag_pair &lags) noexcept
{
	const auto at_lag = [=](uint32_t lag) {
		return load64(page + 8 * (i - lag));
	};
	const uint64_t marks_zero = mark_nonzero(word);
	const uint64_t marks_prev = mark_nonzero(word ^ at_lag(lags.previous));
	const uint64_t marks_new = mark_nonzero(word ^ at_lag(hashed));
	const uint32_t cost_last = Cpu::count_marks(marks_last) * 2;
	const uint32_t cost_zero = Cpu::count_marks(marks_zero) * 2 + 1;
	const uint32_t cost_prev = Cpu::count_marks(marks_prev) * 2 + 2;
	const uint32_t cost_new = Cpu::count_marks(marks_new) * 2 + 4;

	const uint32_t ref = cost_zero < cost_last ? ref_zero : ref_last;
	const uint32_t cost_keep = ref == ref_zero ? cost_zero : cost_last;
	const uint32_t is_new = cost_new < cost_prev;
	const uint32_t cost_lag = is_new ? cost_new : cost_prev;

	if (__builtin_expect_with_probability(cost_lag < cost_keep, 0, 0.6)) {
		/* Together with the rest, this would become selects. */
		__asm__ volatile("");

		const uint64_t pick = opaque(-uint64_t{is_new});
		const uint64_t marks =
			marks_prev ^ ((marks_prev ^ marks_new) & pick);
		const uint32_t lag =
			lags.previous ^ ((lags.previous ^ hashed) &
					 static_cast<uint32_t>(pick));

		lags.use(lag);
		to.put_lag(word, marks, lag, is_new);
		return;
	}
	to.put(word, ref, ref == ref_zero ? marks_zero : marks_last);
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
	word_writer<Cpu> to(payload, tags);
	lag_pair lags;
	uint64_t word = load64(page);

	__builtin_memset(work.slots, 0, sizeof(work.slots));
	to.put(word, ref_zero, mark_nonzero(word));
	for (uint32_t i = 1; i < Page::words; i++) {
		word = load64(page + 8 * i);
		const uint64_t differ =
			word ^ load64(page + 8 * (i - lags.last));

		if (!differ) {
			to.same();
			continue;
		}

		const uint64_t marks = mark_nonzero(differ);
		const uint32_t hash = word_hash(word);
		const uint32_t newest = work.slots[hash];

		work.slots[hash] = static_cast<uint8_t>(i);
		if (Cpu::count_marks(marks) <= 2)
			to.put(word, ref_last, marks);
		else
			encode_far_word<Cpu>(to, page, i,
					     ((i - newest - 1) & 255) + 1,
					     word, marks, lags);
		if (unlikely(i % check_words == 0) &&
		    static_cast<uint32_t>(to.at() - payload) > payload_limit(i))
			return gave_up;
	}
	return static_cast<uint32_t>(to.at() - payload);
}

} /* namespace zsm::w64 */

#endif /* ZSM_W64_WORD_ENCODE_HH */
