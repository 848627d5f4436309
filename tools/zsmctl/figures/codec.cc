// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/figures/codec.hh"

#include "core/w64/w64hc.h"

#include <array>
#include <lz4.h>
#include <lz4hc.h>
#include <lzo/lzo1x.h>
#include <stdexcept>
#include <zlib.h>
#include <zstd.h>

namespace zsmctl {

namespace {

constexpr int page_int = codec_page;
constexpr int room_int = codec_room;

char *chars(uint8_t *p)
{
	return reinterpret_cast<char *>(p);
}

const char *chars(const uint8_t *p)
{
	return reinterpret_cast<const char *>(p);
}

/* A page that does not become smaller is kept as it is. */
size_t if_smaller(size_t bytes)
{
	return bytes < codec_page ? bytes : 0;
}

/* Where the kernel takes the build for BMI2, but for processors that have it
 * slow. */
bool has_bmi2()
{
#if W64_HAS_BMI2
	return __builtin_cpu_supports("bmi") &&
	       __builtin_cpu_supports("bmi2") &&
	       __builtin_cpu_supports("popcnt");
#else
	return false;
#endif
}

class w64_codec : public codec {
public:
	std::string name() const override { return "w64"; }

	size_t compress(const uint8_t *page, uint8_t *block) override
	{
#if W64_HAS_BMI2
		if (bmi2_)
			return w64_compress_bmi2(page, block, work_.data());
#endif
		return w64_compress_portable(page, block, work_.data());
	}

	bool decompress(const uint8_t *block, size_t bytes,
			uint8_t *page) override
	{
#if W64_HAS_BMI2
		if (bmi2_)
			return !w64_decompress_bmi2(block, bytes, page);
#endif
		return !w64_decompress_portable(block, bytes, page);
	}

private:
	alignas(8) std::array<uint8_t, W64_WORK_BYTES> work_{};
	const bool bmi2_ = has_bmi2();
};

class w64hc_codec : public codec {
public:
	explicit w64hc_codec(uint32_t level) : level_(level) {}

	std::string name() const override
	{
		return level_ ? "w64hc " + std::to_string(level_) : "w64hc";
	}

	size_t compress(const uint8_t *page, uint8_t *block) override
	{
#if W64_HAS_BMI2
		if (bmi2_)
			return w64hc_compress_bmi2(page, block, work_.data(),
						   level_);
#endif
		return w64hc_compress_portable(page, block, work_.data(),
					       level_);
	}

	bool decompress(const uint8_t *block, size_t bytes,
			uint8_t *page) override
	{
#if W64_HAS_BMI2
		if (bmi2_)
			return !w64hc_decompress_bmi2(block, bytes, page,
						      work_.data());
#endif
		return !w64hc_decompress_portable(block, bytes, page,
						  work_.data());
	}

private:
	static_assert(W64HC_ARCHIVE_WORK_BYTES >= W64HC_DENSER_WORK_BYTES);

	alignas(8) std::array<uint8_t, W64HC_ARCHIVE_WORK_BYTES> work_{};
	const uint32_t level_;
	const bool bmi2_ = has_bmi2();
};

class lz4_codec : public codec {
public:
	std::string name() const override { return "lz4"; }

	size_t compress(const uint8_t *page, uint8_t *block) override
	{
		const int n = LZ4_compress_fast_extState(
			state_.data(), chars(page), chars(block), page_int,
			room_int, 1);

		return n > 0 ? if_smaller(static_cast<size_t>(n)) : 0;
	}

	bool decompress(const uint8_t *block, size_t bytes,
			uint8_t *page) override
	{
		return LZ4_decompress_safe(chars(block), chars(page),
					   static_cast<int>(bytes),
					   page_int) == page_int;
	}

private:
	std::vector<char> state_ =
		std::vector<char>(static_cast<size_t>(LZ4_sizeofState()));
};

class lz4hc_codec : public lz4_codec {
public:
	std::string name() const override { return "lz4hc"; }

	size_t compress(const uint8_t *page, uint8_t *block) override
	{
		const int n = LZ4_compress_HC_extStateHC(
			dense_state_.data(), chars(page), chars(block),
			page_int, room_int, LZ4HC_CLEVEL_DEFAULT);

		return n > 0 ? if_smaller(static_cast<size_t>(n)) : 0;
	}

private:
	std::vector<char> dense_state_ =
		std::vector<char>(static_cast<size_t>(LZ4_sizeofStateHC()));
};

class zstd_codec : public codec {
public:
	zstd_codec()
	{
		constexpr int level = 3;

		ZSTD_CCtx_setParameter(writer_.get(), ZSTD_c_compressionLevel,
				       level);
		ZSTD_CCtx_setParameter(writer_.get(), ZSTD_c_contentSizeFlag,
				       0);
		ZSTD_CCtx_setParameter(writer_.get(), ZSTD_c_checksumFlag, 0);
	}

	std::string name() const override { return "zstd"; }

	size_t compress(const uint8_t *page, uint8_t *block) override
	{
		const size_t n = ZSTD_compress2(writer_.get(), block,
						codec_room, page, codec_page);

		return ZSTD_isError(n) ? 0 : if_smaller(n);
	}

	bool decompress(const uint8_t *block, size_t bytes,
			uint8_t *page) override
	{
		return ZSTD_decompressDCtx(reader_.get(), page, codec_page,
					   block, bytes) == codec_page;
	}

private:
	struct ends {
		void operator()(ZSTD_CCtx *c) const { ZSTD_freeCCtx(c); }
		void operator()(ZSTD_DCtx *d) const { ZSTD_freeDCtx(d); }
	};

	std::unique_ptr<ZSTD_CCtx, ends> writer_{ZSTD_createCCtx()};
	std::unique_ptr<ZSTD_DCtx, ends> reader_{ZSTD_createDCtx()};
};

class lzo_codec : public codec {
public:
	lzo_codec()
	{
		if (lzo_init() != LZO_E_OK)
			throw std::runtime_error("lzo does not work here");
	}

	std::string name() const override { return "lzo"; }

	size_t compress(const uint8_t *page, uint8_t *block) override
	{
		lzo_uint n = codec_room;

		if (lzo1x_1_compress(page, codec_page, block, &n,
				     work_.data()) != LZO_E_OK)
			return 0;
		return if_smaller(n);
	}

	bool decompress(const uint8_t *block, size_t bytes,
			uint8_t *page) override
	{
		lzo_uint n = codec_page;

		return lzo1x_decompress_safe(block, bytes, page, &n, nullptr) ==
			       LZO_E_OK &&
		       n == codec_page;
	}

private:
	std::vector<uint8_t> work_ = std::vector<uint8_t>(LZO1X_1_MEM_COMPRESS);
};

class deflate_codec : public codec {
public:
	deflate_codec()
	{
		/* zram's parameters: no header, a window of 4 KiB. */
		constexpr int level = 6, window = -12, memory = 8;

		if (deflateInit2(&writer_, level, Z_DEFLATED, window, memory,
				 Z_DEFAULT_STRATEGY) != Z_OK ||
		    inflateInit2(&reader_, window) != Z_OK)
			throw std::runtime_error("zlib does not work here");
	}

	~deflate_codec() override
	{
		deflateEnd(&writer_);
		inflateEnd(&reader_);
	}

	std::string name() const override { return "deflate"; }

	size_t compress(const uint8_t *page, uint8_t *block) override
	{
		deflateReset(&writer_);
		writer_.next_in = const_cast<uint8_t *>(page);
		writer_.avail_in = codec_page;
		writer_.next_out = block;
		writer_.avail_out = codec_room;
		if (deflate(&writer_, Z_FINISH) != Z_STREAM_END)
			return 0;
		return if_smaller(writer_.total_out);
	}

	bool decompress(const uint8_t *block, size_t bytes,
			uint8_t *page) override
	{
		inflateReset(&reader_);
		reader_.next_in = const_cast<uint8_t *>(block);
		reader_.avail_in = static_cast<unsigned>(bytes);
		reader_.next_out = page;
		reader_.avail_out = codec_page;
		return inflate(&reader_, Z_FINISH) == Z_STREAM_END &&
		       reader_.total_out == codec_page;
	}

private:
	z_stream writer_{}, reader_{};
};

} /* namespace */

std::vector<std::unique_ptr<codec>> all_codecs()
{
	std::vector<std::unique_ptr<codec>> all;

	all.push_back(std::make_unique<lz4_codec>());
	all.push_back(std::make_unique<w64_codec>());
	all.push_back(std::make_unique<lzo_codec>());
	all.push_back(std::make_unique<w64hc_codec>(W64HC_LEVEL_QUICK));
	all.push_back(std::make_unique<zstd_codec>());
	all.push_back(std::make_unique<lz4hc_codec>());
	all.push_back(std::make_unique<deflate_codec>());
	all.push_back(std::make_unique<w64hc_codec>(W64HC_LEVEL_ARCHIVE));
	return all;
}

} /* namespace zsmctl */
