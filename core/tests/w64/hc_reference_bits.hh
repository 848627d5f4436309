/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* The codes, streams and tail of w64hc's blocks, for the second decoder. */
#ifndef W64_HC_REFERENCE_BITS_HH
#define W64_HC_REFERENCE_BITS_HH

#include "core/w64/hc/lengths.hh"

#include <array>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <vector>

namespace w64hc_reference {

namespace format = zsm::w64::hc;

using bytes = std::vector<uint8_t>;

struct broken_rule : std::exception {};

inline void require(bool rule)
{
	if (!rule)
		throw broken_rule();
}

inline uint64_t number(const bytes &from, size_t at, size_t nr_bytes)
{
	uint64_t value = 0;

	require(at + nr_bytes <= from.size());
	for (size_t i = 0; i < nr_bytes; i++)
		value |= uint64_t{from[at + i]} << (8 * i);
	return value;
}

inline constexpr unsigned int longest = 10;

/* By the next ten bits of a stream, what they begin with. */
struct entry {
	uint8_t symbol;
	uint8_t length; /* 0: no code */
};

using code = std::vector<entry>;

inline code canonical(const char *lengths)
{
	code made;

	for (unsigned int length = 1; length <= longest; length++) {
		for (size_t symbol = 0; lengths[symbol]; symbol++) {
			const char digit = lengths[symbol];
			const int value =
				digit >= 'a' ? digit - 'a' + 10 : digit - '0';

			if (value == static_cast<int>(length))
				made.insert(made.end(),
					    size_t{1} << (longest - length),
					    {static_cast<uint8_t>(symbol),
					     static_cast<uint8_t>(length)});
		}
	}
	made.resize(1u << longest);
	return made;
}

/* A stream of bits in a block, from a byte upwards or downwards. */
struct stream {
	size_t start;
	bool up;
	size_t taken = 0;

	/* Bit number @number; those beyond the block are 0. */
	unsigned int bit(const bytes &block, size_t number) const
	{
		const size_t byte = number / 8;

		if (up ? start + byte >= block.size() : byte >= start)
			return 0;

		const uint8_t value =
			up ? block[start + byte] : block[start - 1 - byte];

		return value >> (7 - number % 8) & 1;
	}

	uint8_t symbol(const bytes &block, const code &with)
	{
		unsigned int next = 0;

		for (unsigned int i = 0; i < longest; i++)
			next = 2 * next + bit(block, taken + i);

		const entry found = with[next];

		require(found.length > 0);
		taken += found.length;
		require(begun() <= (up ? block.size() - start : start));
		return found.symbol;
	}

	/* Bytes that have been begun. */
	size_t begun() const { return (taken + 7) / 8; }

	size_t end() const { return up ? start + begun() : start - begun(); }
};

class streams {
public:
	streams(const bytes &block, size_t start, size_t end,
		const std::array<size_t, 3> &sizes)
		: block_(block)
	{
		std::array<size_t, 5> edges{start};

		for (size_t i = 0; i < 3; i++)
			edges[i + 1] = edges[i] + sizes[i];
		edges[4] = end;
		require(edges[3] <= end);
		for (size_t i = 0; i < 4; i++) {
			all_[i] = {edges[i], true};
			all_[i + 4] = {edges[i + 1], false};
		}
	}

	/* @nr symbols and what fills the last row, which is dropped. */
	bytes rows(const code &with, size_t nr)
	{
		bytes symbols;

		while (symbols.size() < nr || symbols.size() % 8)
			symbols.push_back(symbol(with, symbols.size() % 8));
		symbols.resize(nr);
		return symbols;
	}

	/* The last symbols, whose last row need not be whole. */
	bytes last(const code &with, size_t nr)
	{
		bytes symbols = rows(with, nr / 8 * 8);

		require(all_[4].end() >= 9);
		for (size_t i = 0; i < 4; i++)
			require(all_[i].end() <= all_[i + 4].end());
		while (symbols.size() < nr)
			symbols.push_back(symbol(with, symbols.size() % 8));
		return symbols;
	}

private:
	uint8_t symbol(const code &with, size_t number)
	{
		return all_[number].symbol(block_, with);
	}

	const bytes &block_;
	std::array<stream, 8> all_;
};

/* The codes of an alphabet's profiles, by their numbers in lengths.hh. */
inline std::vector<code> codes_of(unsigned int first, unsigned int nr)
{
	std::vector<code> all;

	for (unsigned int i = 0; i < nr; i++)
		all.push_back(canonical(format::code_lengths[first + i]));
	return all;
}

inline std::vector<code> offset_codes()
{
	std::vector<code> all;

	for (const auto &lengths : format::offset_code_lengths)
		all.push_back(canonical(lengths));
	return all;
}

struct tail {
	bool raw;
	size_t bytes_profile, token_profile, nr_tokens, nr_bytes;
	std::array<size_t, 3> sizes;

	explicit tail(uint64_t bits)
	{
		const auto take = [&](unsigned int nr) {
			const uint64_t field = bits & ((1u << nr) - 1);

			bits >>= nr;
			return static_cast<size_t>(field);
		};

		raw = take(1);
		bytes_profile = take(4);
		token_profile = take(3);
		nr_tokens = take(11);
		nr_bytes = take(13);
		for (size_t &size : sizes)
			size = take(10);
		require(bits == 0);
		require(nr_tokens <= 1024 && nr_bytes <= 4096);
	}
};

} /* namespace w64hc_reference */

#endif /* W64_HC_REFERENCE_BITS_HH */
