/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* What the fuzzer says, byte by byte; zeroes once it has said all. */
#ifndef ZSM_TESTS_FUZZ_SCRIPT_HH
#define ZSM_TESTS_FUZZ_SCRIPT_HH

#include "core/zsm/geometry.h"

class script {
public:
	script(const uint8_t *data, size_t size) : at_(data), end_(data + size)
	{
	}

	bool done() const { return at_ == end_; }
	uint8_t byte() { return done() ? 0 : *at_++; }
	uint32_t size()
	{
		const uint32_t low = byte();

		return (low | byte() << 8) % ZSM_PAGE_SIZE + 1;
	}

private:
	const uint8_t *at_;
	const uint8_t *end_;
};

#endif /* ZSM_TESTS_FUZZ_SCRIPT_HH */
