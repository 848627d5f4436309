/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * A second decoder of W64, written from Documentation/w64.rst: one byte after
 * the other, and slow. It shares nothing with the first.
 */
#ifndef W64_REFERENCE_HH
#define W64_REFERENCE_HH

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace w64_reference {

/* The page of a block, or nothing if it is no block. */
std::optional<std::vector<uint8_t>> decode(const uint8_t *block, size_t bytes,
					   size_t page_bytes);

} /* namespace w64_reference */

#endif /* W64_REFERENCE_HH */
