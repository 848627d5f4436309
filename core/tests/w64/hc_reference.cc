// SPDX-License-Identifier: GPL-2.0 OR MIT
#include "core/tests/w64/hc_reference.hh"

#include "core/tests/w64/hc_reference_bits.hh"
#include "core/tests/w64/reference.hh"

#include <cstring>
#include <utility>

namespace w64hc_reference {
namespace {

constexpr size_t unit_bytes = 4096;

/* ---- Words -------------------------------------------------------------- */

enum class ref { zero, last, previous, fresh };
enum class how { masked, any, step, sequence };

struct meaning {
	ref with;
	how then;
	unsigned int mask;
};

/* The table of tags, a line of masks for each reference. */
std::vector<meaning> make_meanings()
{
	std::vector<meaning> all;
	const auto add = [&](ref with, std::vector<unsigned int> masks) {
		for (unsigned int mask : masks)
			all.push_back({with, how::masked, mask});
	};

	add(ref::last, {0x00});
	add(ref::zero, {0x00, 0x01, 0x03, 0x07, 0x0f, 0x1f, 0x3f, 0x7f, 0x11,
			0x33, 0x13, 0x31});
	all.push_back({ref::zero, how::any, 0});
	add(ref::last,
	    {0x01, 0x03, 0x11, 0x07, 0xff, 0x0f, 0x3f, 0x10, 0x02, 0x33, 0x06,
	     0x30, 0x7f, 0x1f, 0x13, 0x31, 0xf0, 0x20, 0x05, 0x04, 0x60, 0xfe,
	     0x0e, 0x0c, 0x77, 0x80, 0xc0, 0xfc, 0x40, 0x0b, 0x3e});
	all.push_back({ref::last, how::any, 0});
	add(ref::previous, {0x00, 0x01, 0x03, 0x07, 0x0f, 0x02, 0x11});
	all.push_back({ref::previous, how::any, 0});
	add(ref::fresh, {0x00, 0x03, 0x01, 0x02, 0x07});
	all.push_back({ref::fresh, how::any, 0});
	all.push_back({ref::last, how::step, 0});
	all.push_back({ref::previous, how::step, 0});
	all.push_back({ref::fresh, how::step, 0});
	all.push_back({ref::last, how::sequence, 0});
	return all;
}

bool has_two_runs_at_most(unsigned int mask)
{
	unsigned int runs = 0;

	for (unsigned int i = 0; i < 8; i++)
		runs += (mask >> i & 1) && (i == 0 || !(mask >> (i - 1) & 1));
	return runs <= 2;
}

class word_decoder {
public:
	explicit word_decoder(const bytes &payload) : payload_(payload) {}

	void token(uint8_t symbol)
	{
		static const std::vector<meaning> meanings = make_meanings();
		const meaning &m = meanings[symbol >> 2];

		for (unsigned int run = symbol & 3; run--;) {
			require(!words_.empty());
			append(at_lag(last_));
		}
		if (words_.empty())
			require(m.with == ref::zero);
		if (m.with == ref::fresh) {
			const size_t lag = take() + size_t{1};

			previous_ = std::exchange(last_, lag);
		} else if (m.with == ref::previous) {
			std::swap(last_, previous_);
		}
		if (!words_.empty())
			require(last_ <= words_.size());
		append(value(m));
	}

	bytes finish() const
	{
		bytes page(unit_bytes);

		require(words_.size() == unit_bytes / 8);
		require(at_ == payload_.size());
		memcpy(page.data(), words_.data(), unit_bytes);
		return page;
	}

private:
	uint8_t take()
	{
		require(at_ < payload_.size());
		return payload_[at_++];
	}

	uint64_t at_lag(size_t lag) const
	{
		return words_.at(words_.size() - lag);
	}

	void append(uint64_t word)
	{
		require(words_.size() < unit_bytes / 8);
		words_.push_back(word);
	}

	uint64_t value(const meaning &m)
	{
		const uint64_t with = m.with == ref::zero ? 0 : at_lag(last_);

		if (m.then == how::step)
			return with + static_cast<uint64_t>(
					      8 * int64_t{static_cast<int8_t>(
							  take())});
		if (m.then == how::sequence) {
			const uint64_t before = 2 * last_ <= words_.size()
							? at_lag(2 * last_)
							: with;

			return with + (with - before);
		}

		const unsigned int mask = m.then == how::any ? take() : m.mask;
		uint64_t word = with;

		require(has_two_runs_at_most(mask));
		for (unsigned int i = 0; i < 8; i++) {
			if (mask >> i & 1) {
				word &= ~(uint64_t{0xff} << (8 * i));
				word |= uint64_t{take()} << (8 * i);
			}
		}
		return word;
	}

	const bytes &payload_;
	size_t at_ = 0;
	std::vector<uint64_t> words_;
	size_t last_ = 1;
	size_t previous_ = 1;
};

/* What the streams and the raw bytes of a block hold. */
struct sequences {
	bytes tokens, offsets, rest;
};

sequences read(const bytes &block, size_t end, const tail &t, size_t nr_offsets,
	       const std::vector<code> &token_codes,
	       const std::vector<code> &bytes_codes)
{
	static const std::vector<code> offsets = offset_codes();
	const size_t raw = t.raw ? t.nr_bytes : 0;
	sequences all;

	require(t.token_profile < token_codes.size());
	require(t.bytes_profile < bytes_codes.size());
	require(end <= block.size() && 1 + raw <= end);

	streams from(block, 1 + raw, end, t.sizes);

	all.tokens = from.rows(token_codes[t.token_profile], t.nr_tokens);
	if (nr_offsets)
		all.offsets = from.rows(offsets[t.token_profile], nr_offsets);
	all.rest = from.last(bytes_codes[t.bytes_profile], t.nr_bytes - raw);
	if (t.raw)
		all.rest.assign(block.begin() + 1,
				block.begin() + 1 +
					static_cast<ptrdiff_t>(raw));
	return all;
}

bytes decode_words(const bytes &block)
{
	static const std::vector<code> tokens =
		codes_of(format::first_word_token, format::word_token_profiles);
	static const std::vector<code> payloads =
		codes_of(format::first_payload, format::payload_profiles);
	const size_t end = block.size() - 8;
	const tail t(number(block, end, 8));
	const sequences all = read(block, end, t, 0, tokens, payloads);
	word_decoder decoder(all.rest);

	for (uint8_t token : all.tokens)
		decoder.token(token);
	return decoder.finish();
}

/* ---- LZ ----------------------------------------------------------------- */

/* Extra bits, the lowest first. */
class extra_bits {
public:
	explicit extra_bits(bytes from) : from_(std::move(from)) {}

	size_t take(unsigned int nr)
	{
		size_t value = 0;

		for (unsigned int i = 0; i < nr; i++, taken_++) {
			require(taken_ / 8 < from_.size());
			value |= size_t{from_[taken_ / 8] >> (taken_ % 8) & 1u}
				 << i;
		}
		return value;
	}

	void end() const { require((taken_ + 7) / 8 == from_.size()); }

private:
	bytes from_;
	size_t taken_ = 0;
};

class lz_decoder {
public:
	lz_decoder(const sequences &all, extra_bits extra)
		: all_(all), extra_(std::move(extra))
	{
	}

	void token(uint8_t symbol)
	{
		const size_t literal_class = symbol % 126 / 14;
		const size_t match_class = symbol % 14;
		const size_t offset = symbol >= 126 ? last_ : take_offset();
		size_t literals = literal_class;
		size_t length = 4 + match_class;

		if (literal_class == 8) {
			literals += extra_.take(4);
			if (literals == 8 + 15)
				literals = extra_.take(12);
		}
		if (match_class == 12) {
			length = 16 + extra_.take(2);
		} else if (match_class == 13) {
			length = 20 + extra_.take(4);
			if (length == 20 + 15)
				length = 4 + extra_.take(12);
		}
		append_literals(literals);
		require(offset >= 1 && offset <= page_.size());
		require(page_.size() + length <= unit_bytes);
		while (length--)
			page_.push_back(page_[page_.size() - offset]);
	}

	bytes finish()
	{
		append_literals(all_.rest.size() - at_);
		require(page_.size() == unit_bytes);
		require(next_offset_ == all_.offsets.size());
		extra_.end();
		return page_;
	}

private:
	size_t take_offset()
	{
		require(next_offset_ < all_.offsets.size());

		const size_t which = all_.offsets[next_offset_++];
		size_t offset = before_;

		if (which >= 11)
			offset = (size_t{1} << (which - 11)) +
				 extra_.take(
					 static_cast<unsigned int>(which - 11));
		else if (which >= 2)
			offset = 8 * ((size_t{1} << (which - 2)) +
				      extra_.take(static_cast<unsigned int>(
					      which - 2)));
		before_ = std::exchange(last_, offset);
		return offset;
	}

	void append_literals(size_t nr)
	{
		require(at_ + nr <= all_.rest.size());
		require(page_.size() + nr <= unit_bytes);
		while (nr--)
			page_.push_back(all_.rest[at_++]);
	}

	const sequences &all_;
	extra_bits extra_;
	bytes page_;
	size_t at_ = 0;
	size_t next_offset_ = 0;
	size_t last_ = 1;
	size_t before_ = 8;
};

bytes decode_lz(const bytes &block)
{
	static const std::vector<code> tokens =
		codes_of(format::first_lz_token, format::lz_token_profiles);
	static const std::vector<code> literals =
		codes_of(format::first_literal, format::literal_profiles);
	const size_t tail_at = block.size() - 8;

	require(tail_at >= 1 + 4);

	const size_t nr_extra = number(block, tail_at - 4, 2);
	const size_t nr_offsets = number(block, tail_at - 2, 2);
	const tail t(number(block, tail_at, 8));

	require(nr_extra + 1 + 4 <= tail_at);
	require(nr_offsets <= t.nr_tokens);

	const size_t end = tail_at - 4 - nr_extra;
	const sequences all = read(block, end, t, nr_offsets, tokens, literals);
	const auto first = block.begin() + static_cast<ptrdiff_t>(end);
	lz_decoder decoder(
		all,
		extra_bits({first, first + static_cast<ptrdiff_t>(nr_extra)}));

	for (uint8_t token : all.tokens)
		decoder.token(token);
	return decoder.finish();
}

/* ---- Blocks ------------------------------------------------------------- */

bytes decode_unit(const bytes &block)
{
	require(!block.empty() && block.size() < unit_bytes);
	if (block[0] == 2 || block[0] == 3) {
		require(block.size() >= 18);
		return block[0] == 2 ? decode_words(block) : decode_lz(block);
	}

	const auto page =
		w64_reference::decode(block.data(), block.size(), unit_bytes);

	require(page.has_value());
	return *page;
}

bytes decode_units(const bytes &block, size_t page_bytes)
{
	const size_t nr = page_bytes / unit_bytes;
	size_t at = 1 + 2 * nr;
	bytes page;

	for (size_t i = 0; i < nr; i++) {
		const size_t size = number(block, 1 + 2 * i, 2);
		bytes unit(unit_bytes);

		require(at + size <= block.size());

		const auto first = block.begin() + static_cast<ptrdiff_t>(at);
		const bytes part(first, first + static_cast<ptrdiff_t>(size));

		if (size == unit_bytes)
			unit = part;
		else if (size)
			unit = decode_unit(part);
		page.insert(page.end(), unit.begin(), unit.end());
		at += size;
	}
	require(at == block.size());
	return page;
}

} /* namespace */

std::optional<bytes> decode(const uint8_t *block, size_t nr, size_t page_bytes)
{
	const bytes all(block, block + nr);

	try {
		require(nr > 0 && nr < page_bytes);
		if (page_bytes == unit_bytes)
			return decode_unit(all);

		size_t shift = 0;

		while (unit_bytes << shift < page_bytes)
			shift++;
		if (all[0] == (shift << 3 | 4))
			return decode_units(all, page_bytes);
		return w64_reference::decode(block, nr, page_bytes);
	} catch (const broken_rule &) {
		return {};
	}
}

} /* namespace w64hc_reference */
