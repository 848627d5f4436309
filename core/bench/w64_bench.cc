// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * w64_bench - both builds of W64 beside lz4, in user space.
 *
 * usage: w64_bench [-r ROUNDS] FILE...
 *
 * Each file is a corpus of pages. In each round every codec in turn compresses
 * all pages and then decompresses them, once each, so that no branch predictor
 * has seen a page before; the first to go changes from round to round. What
 * is timed is the processor time of the thread. A ratio is the median over
 * the rounds of the ratios to the base in the same round. Every page is
 * verified in the first round.
 *
 * lz4 is called as the kernel calls it: its state is cleared for each page.
 * scripts/bench/w64-bench.sh builds this, with another codec to compare with
 * if it is given one.
 */
#include "core/w64/w64.h"

#include <lz4.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <time.h>
#include <vector>

#include <unistd.h>

/* Linked in if there is another codec to compare with. */
extern "C" {
[[gnu::weak]] void fast_init();
[[gnu::weak]] int fast_compress(const void *page, void *dst, void *work);
[[gnu::weak]] int fast_compress_portable(const void *page, void *dst,
					 void *work);
[[gnu::weak]] int fast_decompress(const void *src, int n, void *page);
[[gnu::weak]] int fast_decompress_portable(const void *src, int n, void *page);
}

namespace {

constexpr size_t page_bytes = W64_PAGE_BYTES;
constexpr size_t buffer_bytes = 2 * page_bytes;

alignas(64) char work[1 << 16];

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

template <auto function>
bool call_other_decompress(const void *src, size_t len, void *page)
{
	return function(src, static_cast<int>(len), page) ==
	       static_cast<int>(page_bytes);
}

std::vector<codec> codecs()
{
	std::vector<codec> all;

	all.push_back({"lz4", lz4_compress, lz4_decompress});
#if W64_HAS_BMI2
	all.push_back({"w64 bmi2", call_compress<w64_compress_bmi2>,
		       call_w64_decompress<w64_decompress_bmi2>});
#endif
	all.push_back({"w64 portable", call_compress<w64_compress_portable>,
		       call_w64_decompress<w64_decompress_portable>});
	if (fast_init) {
		fast_init();
		all.push_back({"other bmi2", call_compress<fast_compress>,
			       call_other_decompress<fast_decompress>});
		all.push_back(
			{"other portable",
			 call_compress<fast_compress_portable>,
			 call_other_decompress<fast_decompress_portable>});
	}
	return all;
}

double now()
{
	timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return t.tv_sec * 1e9 + t.tv_nsec;
}

double median(std::vector<double> values)
{
	std::nth_element(values.begin(), values.begin() + values.size() / 2,
			 values.end());
	return values[values.size() / 2];
}

struct aligned_bytes {
	explicit aligned_bytes(size_t nr)
		: data(static_cast<char *>(aligned_alloc(4096, nr)))
	{
		memset(data, 0, nr);
	}
	aligned_bytes(aligned_bytes &&other) noexcept : data(other.data)
	{
		other.data = nullptr;
	}
	~aligned_bytes() { free(data); }

	char *data;
};

struct stored {
	size_t at;
	uint32_t len;
};

/* What one codec did to one corpus, in each round. */
struct result {
	size_t bytes = 0;
	std::vector<double> write, read;
};

class corpus_run {
public:
	corpus_run(const char *path, const std::vector<codec> &all)
		: all_(all),
		  results(all.size()),
		  out_(page_bytes),
		  pages_(load(path, nr_)),
		  blocks_((nr_ + 2) * page_bytes + buffer_bytes)
	{
		stored_.resize(nr_);
	}

	void round(unsigned int number)
	{
		for (size_t i = 0; i < all_.size(); i++)
			one((i + number) % all_.size(), number == 0);
	}

	size_t nr_pages() const { return nr_; }

private:
	static aligned_bytes load(const char *path, size_t &nr)
	{
		FILE *const f = fopen(path, "rb");

		if (!f) {
			perror(path);
			exit(1);
		}
		fseek(f, 0, SEEK_END);
		nr = static_cast<size_t>(ftell(f)) / page_bytes;
		rewind(f);

		aligned_bytes pages((nr + 1) * page_bytes);

		if (fread(pages.data, page_bytes, nr, f) != nr) {
			perror(path);
			exit(1);
		}
		fclose(f);
		return pages;
	}

	void one(size_t which, bool verify)
	{
		const codec &c = all_[which];
		result &r = results[which];
		size_t at = 0;
		double start = now();

		for (size_t i = 0; i < nr_; i++) {
			const char *const page = pages_.data + i * page_bytes;
			const uint32_t len =
				c.compress(page, blocks_.data + at);

			stored_[i] = {at, len};
			at += len;
		}
		r.write.push_back((now() - start) / nr_);
		r.bytes = 0;
		for (const stored &s : stored_)
			r.bytes += s.len ? s.len : page_bytes;

		start = now();
		for (size_t i = 0; i < nr_; i++) {
			const stored &s = stored_[i];

			/* What is stored as it is costs nobody anything. */
			if (s.len && !c.decompress(blocks_.data + s.at, s.len,
						   out_.data))
				fail(c, i);
		}
		r.read.push_back((now() - start) / nr_);
		for (size_t i = 0; verify && i < nr_; i++)
			check(c, i);
	}

	void check(const codec &c, size_t i)
	{
		const stored &s = stored_[i];

		memset(out_.data, 0xa5, page_bytes);
		if (s.len &&
		    (!c.decompress(blocks_.data + s.at, s.len, out_.data) ||
		     memcmp(out_.data, pages_.data + i * page_bytes,
			    page_bytes)))
			fail(c, i);
	}

	[[noreturn]] void fail(const codec &c, size_t i)
	{
		fprintf(stderr, "%s does not give page %zu back\n", c.name, i);
		exit(1);
	}

	const std::vector<codec> &all_;

public:
	std::vector<result> results;

private:
	size_t nr_ = 0;
	aligned_bytes out_;
	aligned_bytes pages_;
	aligned_bytes blocks_;
	std::vector<stored> stored_;
};

double ratio(const std::vector<double> &a, const std::vector<double> &b)
{
	std::vector<double> ratios;

	for (size_t i = 0; i < a.size(); i++)
		ratios.push_back(b[i] > 0 ? a[i] / b[i] : 0);
	return median(ratios);
}

/* The codec of the other pair with the same second word in its name. */
size_t base_of(const std::vector<codec> &all, size_t i)
{
	const char *const kind = strchr(all[i].name, ' ');

	for (size_t j = 0; kind && j < all.size(); j++) {
		const char *const other = strchr(all[j].name, ' ');

		if (j != i && other && !strcmp(kind, other) &&
		    !strncmp(all[j].name, "other", 5))
			return j;
	}
	return i;
}

void print(const std::string &name, size_t pages, const std::vector<codec> &all,
	   const std::vector<result> &results)
{
	const result &lz4 = results[0];

	for (size_t i = 0; i < all.size(); i++) {
		const result &r = results[i];
		const size_t base = base_of(all, i);

		printf("%-14s %-15s %9.1f %7.0f %7.0f   %5.3f %5.3f %5.3f",
		       i ? "" : name.c_str(), all[i].name,
		       static_cast<double>(r.bytes) / pages, median(r.write),
		       median(r.read), static_cast<double>(r.bytes) / lz4.bytes,
		       ratio(r.write, lz4.write), ratio(r.read, lz4.read));
		if (base != i) {
			const result &o = results[base];

			printf("   %5.3f %5.3f %5.3f",
			       static_cast<double>(r.bytes) / o.bytes,
			       ratio(r.write, o.write), ratio(r.read, o.read));
		}
		printf("\n");
	}
	fflush(stdout);
}

/* Adds one corpus's rounds to a sum over corpora. */
void add(std::vector<result> &sum, const std::vector<result> &one, size_t pages)
{
	sum.resize(one.size());
	for (size_t i = 0; i < one.size(); i++) {
		sum[i].bytes += one[i].bytes;
		sum[i].write.resize(one[i].write.size());
		sum[i].read.resize(one[i].read.size());
		for (size_t k = 0; k < one[i].write.size(); k++) {
			sum[i].write[k] += one[i].write[k] * pages;
			sum[i].read[k] += one[i].read[k] * pages;
		}
	}
}

void divide(std::vector<result> &sum, size_t pages)
{
	for (result &r : sum) {
		for (double &v : r.write)
			v /= pages;
		for (double &v : r.read)
			v /= pages;
	}
}

} /* namespace */

int main(int argc, char **argv)
{
	const std::vector<codec> all = codecs();
	std::vector<result> programs;
	size_t program_pages = 0;
	unsigned int rounds = 9;
	int opt;

	while ((opt = getopt(argc, argv, "r:")) != -1) {
		if (opt != 'r')
			return 2;
		rounds = static_cast<unsigned int>(atoi(optarg));
	}
	printf("%-14s %-15s %9s %7s %7s   %-17s   %s\n", "corpus", "codec",
	       "B/page", "ns wr", "ns rd", "of lz4: B  wr  rd",
	       fast_init ? "of other: B  wr  rd" : "");
	for (int i = optind; i < argc; i++) {
		const char *const slash = strrchr(argv[i], '/');
		const std::string name = slash ? slash + 1 : argv[i];
		corpus_run run(argv[i], all);

		for (unsigned int r = 0; r < rounds; r++)
			run.round(r);
		print(name, run.nr_pages(), all, run.results);
		if (name.rfind("prog-", 0) == 0) {
			add(programs, run.results, run.nr_pages());
			program_pages += run.nr_pages();
		}
	}
	if (program_pages) {
		divide(programs, program_pages);
		print("all programs", program_pages, all, programs);
	}
	return 0;
}
