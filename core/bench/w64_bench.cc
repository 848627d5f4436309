// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * w64_bench - the builds of W64 and the levels of w64hc beside lz4 and zstd, in
 * user space.
 *
 * usage: w64_bench [-l] [-r ROUNDS] [-c CODEC]... FILE...
 *
 * Each file is a corpus of pages; same-filled ones are left out, as nobody
 * compresses them. In each round every codec in turn compresses all pages and
 * then decompresses them, once each, so that no branch predictor has seen a
 * page before; the first to go changes from round to round. What is timed is
 * the processor time of the thread. A ratio is the median over the rounds of
 * the ratios to the base in the same round. Every page is verified in the first
 * round. With -c, only lz4, zstd 3 and the codecs whose names begin with CODEC.
 * With -l, there is a line for each thing measured instead of a table:
 *
 *	ROUND CORPUS CODEC user pages|stored|write|read VALUE
 *
 * with _ for a blank in CODEC, and times in nanoseconds for all pages.
 *
 * w64_codecs.hh says how codecs are called; scripts/bench/w64-bench.sh builds
 * this.
 */
#include "core/bench/w64_codecs.hh"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <time.h>
#include <vector>

#include <unistd.h>

namespace {

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
	static size_t drop_same_filled(char *pages, size_t nr)
	{
		size_t kept = 0;

		for (size_t i = 0; i < nr; i++) {
			const char *const page = pages + i * page_bytes;

			if (!memcmp(page, page + 8, page_bytes - 8))
				continue;
			memmove(pages + kept++ * page_bytes, page, page_bytes);
		}
		return kept;
	}

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
		nr = drop_same_filled(pages.data, nr);
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

void print_row(const std::string &name, const char *codec, size_t pages,
	       const result &r, const result &lz4, const result &zstd)
{
	printf("%-14s %-17s %7.1f %7.0f %7.0f   %5.3f %5.3f %5.3f   "
	       "%5.3f %5.3f %5.3f\n",
	       name.c_str(), codec, static_cast<double>(r.bytes) / pages,
	       median(r.write), median(r.read),
	       static_cast<double>(r.bytes) / lz4.bytes,
	       ratio(r.write, lz4.write), ratio(r.read, lz4.read),
	       static_cast<double>(r.bytes) / zstd.bytes,
	       ratio(r.write, zstd.write), ratio(r.read, zstd.read));
}

void print(const std::string &name, size_t pages, const std::vector<codec> &all,
	   const std::vector<result> &results)
{
	for (size_t i = 0; i < all.size(); i++)
		print_row(i ? "" : name, all[i].name, pages, results[i],
			  results[0], results[1]);
	fflush(stdout);
}

void print_lines(const std::string &name, size_t pages,
		 const std::vector<codec> &all,
		 const std::vector<result> &results)
{
	for (size_t i = 0; i < all.size(); i++) {
		const result &r = results[i];
		std::string codec = all[i].name;

		std::replace(codec.begin(), codec.end(), ' ', '_');
		for (size_t k = 0; k < r.write.size(); k++) {
			const auto line = [&](const char *what, double value) {
				printf("%zu %s %s user %s %.0f\n", k + 1,
				       name.c_str(), codec.c_str(), what,
				       value);
			};

			line("pages", static_cast<double>(pages));
			line("stored", static_cast<double>(r.bytes));
			line("write", r.write[k] * static_cast<double>(pages));
			line("read", r.read[k] * static_cast<double>(pages));
		}
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
	std::vector<std::string> prefixes;
	std::vector<result> programs;
	size_t program_pages = 0;
	unsigned int rounds = 9;
	bool lines = false;
	int opt;

	while ((opt = getopt(argc, argv, "lr:c:")) != -1) {
		if (opt == 'l')
			lines = true;
		else if (opt == 'r')
			rounds = static_cast<unsigned int>(atoi(optarg));
		else if (opt == 'c')
			prefixes.push_back(optarg);
		else
			return 2;
	}

	const std::vector<codec> all = codecs(prefixes);

	if (!lines)
		printf("%-14s %-17s %7s %7s %7s   %-17s   %s\n", "corpus",
		       "codec", "B/page", "ns wr", "ns rd", "of lz4: B  wr  rd",
		       "of zstd 3: B  wr  rd");
	for (int i = optind; i < argc; i++) {
		const char *const slash = strrchr(argv[i], '/');
		const std::string name = slash ? slash + 1 : argv[i];
		corpus_run run(argv[i], all);

		if (!run.nr_pages())
			continue;
		for (unsigned int r = 0; r < rounds; r++)
			run.round(r);
		if (lines) {
			print_lines(name, run.nr_pages(), all, run.results);
			continue;
		}
		print(name, run.nr_pages(), all, run.results);
		if (name != "text" && name != "code" && name != "random" &&
		    name != "zero") {
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
