/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The codecs that w64_bench measures, as one table of functions. lz4 is called
 * as the kernel calls it: its state is cleared for each page. zstd keeps its
 * contexts, and writes neither checksum nor size.
 */
#ifndef W64_CODECS_HH
#define W64_CODECS_HH

#include "core/w64/w64hc.h"

#include <lz4.h>
#include <zstd.h>

#include <algorithm>
#include <string>
#include <vector>

namespace {

constexpr size_t page_bytes = W64_PAGE_BYTES;
constexpr size_t buffer_bytes = 2 * page_bytes;

alignas(64) char work[1 << 17];

struct codec {
	const char *name;
	/* Bytes written, or 0 if the page should be stored as it is. */
	uint32_t (*compress)(const void *page, void *dst);
	bool (*decompress)(const void *src, size_t len, void *page);
};

uint32_t lz4_compress(const void *page, void *dst)
{
	const int len = LZ4_compress_fast_extState(
		work, static_cast<const char *>(page), static_cast<char *>(dst),
		page_bytes, buffer_bytes, 1);

	return len > 0 && static_cast<size_t>(len) < page_bytes ? len : 0;
}

bool lz4_decompress(const void *src, size_t len, void *page)
{
	return LZ4_decompress_safe(static_cast<const char *>(src),
				   static_cast<char *>(page),
				   static_cast<int>(len),
				   page_bytes) == static_cast<int>(page_bytes);
}

template <auto function>
uint32_t call_compress(const void *page, void *dst)
{
	const auto len = static_cast<uint32_t>(function(page, dst, work));

	return len < page_bytes ? len : 0;
}

template <auto function>
bool call_w64_decompress(const void *src, size_t len, void *page)
{
	return !function(src, len, page);
}

ZSTD_DCtx *zstd_reader;

template <int level>
uint32_t zstd_compress(const void *page, void *dst)
{
	static ZSTD_CCtx *const writer = [] {
		ZSTD_CCtx *const made = ZSTD_createCCtx();

		ZSTD_CCtx_setParameter(made, ZSTD_c_compressionLevel, level);
		ZSTD_CCtx_setParameter(made, ZSTD_c_contentSizeFlag, 0);
		ZSTD_CCtx_setParameter(made, ZSTD_c_checksumFlag, 0);
		return made;
	}();
	const size_t len =
		ZSTD_compress2(writer, dst, buffer_bytes, page, page_bytes);

	return ZSTD_isError(len) || len >= page_bytes
		       ? 0
		       : static_cast<uint32_t>(len);
}

bool zstd_decompress(const void *src, size_t len, void *page)
{
	if (!zstd_reader)
		zstd_reader = ZSTD_createDCtx();
	return ZSTD_decompressDCtx(zstd_reader, page, page_bytes, src, len) ==
	       page_bytes;
}

template <auto function, uint32_t level>
uint32_t call_hc_compress(const void *page, void *dst)
{
	return function(page, dst, work, level);
}

template <auto function>
bool call_hc_decompress(const void *src, size_t len, void *page)
{
	return !function(src, len, page, work);
}

template <auto compress, auto decompress, uint32_t level>
constexpr codec hc(const char *name)
{
	return {name, call_hc_compress<compress, level>,
		call_hc_decompress<decompress>};
}

constexpr codec all_codecs[] = {
	{"lz4", lz4_compress, lz4_decompress},
	{"zstd 3", zstd_compress<3>, zstd_decompress},
	{"zstd 1", zstd_compress<1>, zstd_decompress},
	{"zstd -1", zstd_compress<-1>, zstd_decompress},
#if W64_HAS_BMI2
	{"w64 bmi2", call_compress<w64_compress_bmi2>,
	 call_w64_decompress<w64_decompress_bmi2>},
	hc<w64hc_compress_bmi2, w64hc_decompress_bmi2, 0>("w64hc 0 bmi2"),
	hc<w64hc_compress_bmi2, w64hc_decompress_bmi2, 1>("w64hc 1 bmi2"),
	hc<w64hc_compress_bmi2, w64hc_decompress_bmi2, 2>("w64hc 2 bmi2"),
	hc<w64hc_compress_bmi2, w64hc_decompress_bmi2, 9>("w64hc 9 bmi2"),
#endif
	{"w64 portable", call_compress<w64_compress_portable>,
	 call_w64_decompress<w64_decompress_portable>},
	hc<w64hc_compress_portable, w64hc_decompress_portable, 0>(
		"w64hc 0 portable"),
	hc<w64hc_compress_portable, w64hc_decompress_portable, 1>(
		"w64hc 1 portable"),
};

constexpr size_t nr_bases = 2;

/* The bases, and those whose names begin with one of @prefixes, or all. */
std::vector<codec> codecs(const std::vector<std::string> &prefixes)
{
	std::vector<codec> all(all_codecs, all_codecs + nr_bases);

	for (size_t i = nr_bases; i < std::size(all_codecs); i++) {
		const std::string name = all_codecs[i].name;

		if (prefixes.empty() ||
		    std::any_of(prefixes.begin(), prefixes.end(),
				[&](const std::string &prefix) {
					return name.rfind(prefix, 0) == 0;
				}))
			all.push_back(all_codecs[i]);
	}
	return all;
}

} /* namespace */

#endif /* W64_CODECS_HH */
