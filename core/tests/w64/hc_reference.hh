/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * A second decoder of w64hc's blocks, written from Documentation/w64.rst: one
 * bit after the other, and slow. Of the first it shares the code lengths, which
 * are part of the format, and nothing else.
 */
#ifndef W64HC_REFERENCE_HH
#define W64HC_REFERENCE_HH

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace w64hc_reference {

/* The page of a block of any coder, or nothing if it is no block. */
std::optional<std::vector<uint8_t>> decode(const uint8_t *block, size_t bytes,
					   size_t page_bytes);

} /* namespace w64hc_reference */

#endif /* W64HC_REFERENCE_HH */
