// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * train: make the code lengths of w64hc's profiles from pages.
 *
 * usage: train PAGES FILE... >lengths.hh
 *
 *   PAGES  how many pages of each file to look at, evenly spread
 *   FILE   pages of 4 KiB
 *
 * Every page goes through the codec's own coders; what they make is counted, by
 * symbol and by page. The pages of an alphabet are then put into clusters, each
 * with the code that takes the fewest bits for it: k-means, where the distance
 * is the size of the page's symbols in the cluster's code. Several starts, the
 * best is kept. Code lengths are limited, by package-merge (Larmore and
 * Hirschberg, A fast algorithm for optimal length-limited Huffman codes, 1990).
 *
 * The same files give the same lengths. What is printed to stderr is the mean
 * size of each alphabet's symbols, in bytes a page.
 */
#include "core/w64/hc/codec.hh"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <random>
#include <vector>

namespace hc = zsm::w64::hc;
using zsm::w64::gave_up;

namespace {

/* The symbols of an alphabet, and the offset classes that go with LZ tokens. */
constexpr size_t nr_symbols = 256;
constexpr size_t nr_all = nr_symbols + hc::nr_offset_classes;

using histogram = std::array<uint16_t, nr_all>;
using weights = std::array<double, nr_all>;
using lengths = std::array<uint8_t, nr_all>;

/* A symbol that never occurs gets no code; those in between always do. */
struct alphabet {
	const char *name;
	uint32_t profiles;
	uint32_t symbols;
	uint32_t first_offset, end_offset;
	std::vector<histogram> pages;
	std::vector<lengths> codes;
};

std::array<alphabet, 4> alphabets = {{
	{"word tokens", hc::word_token_profiles, 256, 0, 0, {}, {}},
	{"payload", hc::payload_profiles, 256, 0, 0, {}, {}},
	{"LZ tokens",
	 hc::lz_token_profiles,
	 hc::nr_lz_tokens,
	 hc::offset_before,
	 hc::end_of_offsets,
	 {},
	 {}},
	{"literals", hc::literal_profiles, 256, 0, 0, {}, {}},
}};

/* ---- Pages -------------------------------------------------------------- */

void count(alphabet &to, const uint8_t *symbols, uint32_t nr,
	   const uint8_t *offsets = nullptr, uint32_t nr_offsets = 0)
{
	histogram h{};

	for (uint32_t i = 0; i < nr; i++)
		h[symbols[i]]++;
	for (uint32_t i = 0; i < nr_offsets; i++)
		h[nr_symbols + offsets[i]]++;
	to.pages.push_back(h);
}

template <hc::search How>
void count_lz(const uint8_t *page, hc::memory &work)
{
	hc::lz_output out = hc::lz_output_to(work);

	hc::parse_lz<How>(page, out, work.lz);

	const hc::counts nr = hc::counts_of(out, work);

	count(alphabets[2], work.tokens, nr.tokens, work.offsets, nr.offsets);
	count(alphabets[3], work.bytes, nr.bytes);
}

bool is_same_filled(const uint8_t *page)
{
	return !memcmp(page, page + 8, hc::unit::bytes - 8);
}

void look_at(const uint8_t *page, size_t number)
{
	static auto work = std::make_unique<hc::memory>();
	uint32_t nr_tokens;
	uint32_t payload = gave_up;

	if (is_same_filled(page))
		return;
	if (zsm::w64::test_page<hc::unit>(page) == zsm::w64::page_kind::words)
		payload = hc::encode_word_tokens<zsm::w64::portable_cpu>(
			page, *work, nr_tokens);
	if (payload != gave_up) {
		count(alphabets[0], work->tokens, nr_tokens);
		count(alphabets[1], work->bytes, payload);
		/* Both coders may be tried on what is left. */
		if (payload < hc::doubtful_payload)
			return;
	}
	if (number & 1)
		count_lz<hc::search::greedy>(page, *work);
	else
		count_lz<hc::search::lazy>(page, *work);
}

void look_at_file(const char *path, size_t wanted)
{
	alignas(8) static uint8_t page[hc::unit::bytes];
	FILE *const f = fopen(path, "rb");

	if (!f) {
		perror(path);
		exit(1);
	}
	fseek(f, 0, SEEK_END);

	const auto there = static_cast<size_t>(ftell(f)) / sizeof(page);
	const size_t nr = std::min(there, wanted);

	for (size_t i = 0; i < nr; i++) {
		fseek(f, static_cast<long>(i * there / nr * sizeof(page)),
		      SEEK_SET);
		if (fread(page, sizeof(page), 1, f) != 1) {
			perror(path);
			exit(1);
		}
		look_at(page, i);
	}
	fclose(f);
}

/* ---- Codes -------------------------------------------------------------- */

/*
 * Package-merge. A coin is a symbol or a package of two coins of the level
 * below; the cheapest 2 n - 2 coins of the last level say how often each symbol
 * is taken, which is the length of its code.
 */
class package_merge {
public:
	package_merge(const double *symbols, uint32_t nr, uint32_t longest)
		: nr_(nr)
	{
		for (uint32_t i = 0; i < nr; i++)
			order_.push_back(i);
		std::stable_sort(order_.begin(), order_.end(),
				 [&](uint32_t a, uint32_t b) {
					 return symbols[a] < symbols[b];
				 });
		for (uint32_t i = 0; i < longest; i++)
			levels_.push_back(level(symbols));
	}

	std::vector<uint8_t> lengths() const
	{
		std::vector<uint8_t> all(nr_);
		size_t taken = 2 * nr_ - 2;

		for (size_t i = levels_.size(); i--;) {
			size_t packages = 0;

			for (size_t k = 0; k < taken; k++) {
				const coin &c = levels_[i][k];

				if (c.symbol == package)
					packages++;
				else
					all[c.symbol]++;
			}
			taken = 2 * packages;
		}
		return all;
	}

private:
	static constexpr uint32_t package = ~0u;

	struct coin {
		double weight;
		uint32_t symbol;
	};

	std::vector<coin> level(const double *symbols) const
	{
		std::vector<coin> made;

		for (uint32_t i : order_)
			made.push_back({symbols[i], i});
		if (!levels_.empty()) {
			const std::vector<coin> &below = levels_.back();

			for (size_t i = 0; i + 1 < below.size(); i += 2)
				made.push_back({below[i].weight +
							below[i + 1].weight,
						package});
		}
		std::stable_sort(made.begin(), made.end(),
				 [](const coin &a, const coin &b) {
					 return a.weight < b.weight;
				 });
		return made;
	}

	size_t nr_;
	std::vector<uint32_t> order_;
	std::vector<std::vector<coin>> levels_;
};

lengths code_for(const alphabet &a, const weights &w)
{
	lengths code{};
	const auto symbols = package_merge(w.data(), a.symbols,
					   hc::max_code_bits)
				     .lengths();

	std::copy(symbols.begin(), symbols.end(), code.begin());
	if (a.end_offset) {
		const size_t first = nr_symbols + a.first_offset;
		const auto offsets =
			package_merge(&w[first], a.end_offset - a.first_offset,
				      hc::max_offset_code_bits)
				.lengths();

		std::copy(offsets.begin(), offsets.end(),
			  code.begin() + static_cast<ptrdiff_t>(first));
	}
	return code;
}

uint32_t bits(const histogram &page, const lengths &code)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < nr_all; i++)
		sum += uint32_t{page[i]} * code[i];
	return sum;
}

/* ---- Clusters ----------------------------------------------------------- */

constexpr unsigned int nr_starts = 8;
constexpr unsigned int nr_rounds = 20;
/* Every symbol may come: a little, and a share of all. */
constexpr double weight_of_any = 0.5;
constexpr double share_of_any = 2e-5;

lengths smoothed_code(const alphabet &a, weights w)
{
	double all = 0;

	for (double x : w)
		all += x;
	for (double &x : w)
		x += all * share_of_any + weight_of_any;
	return code_for(a, w);
}

weights of_page(const histogram &page)
{
	weights w;

	std::copy(page.begin(), page.end(), w.begin());
	return w;
}

class clusters {
public:
	clusters(const alphabet &a, uint64_t seed) : a_(a), random_(seed)
	{
		for (uint32_t i = 0; i < a.profiles; i++)
			codes_.push_back(smoothed_code(a, of_page(any_page())));
	}

	/* One round of k-means. Returns the bits of all pages before it. */
	double round()
	{
		std::vector<weights> sums(a_.profiles, weights{});
		std::vector<size_t> members(a_.profiles);
		double all = 0;

		for (const histogram &page : a_.pages) {
			size_t best = 0;
			uint32_t least = ~0u;

			for (size_t i = 0; i < codes_.size(); i++) {
				const uint32_t sum = bits(page, codes_[i]);

				if (sum < least) {
					least = sum;
					best = i;
				}
			}
			all += least;
			members[best]++;
			for (size_t i = 0; i < nr_all; i++)
				sums[best][i] += page[i];
		}
		for (size_t i = 0; i < codes_.size(); i++) {
			/* A cluster of few pages starts again elsewhere. */
			if (members[i] < 8)
				sums[i] = of_page(any_page());
			codes_[i] = smoothed_code(a_, sums[i]);
		}
		return all;
	}

	const std::vector<lengths> &codes() const { return codes_; }

private:
	const histogram &any_page()
	{
		return a_.pages[random_() % a_.pages.size()];
	}

	const alphabet &a_;
	std::mt19937_64 random_;
	std::vector<lengths> codes_;
};

void train(alphabet &a)
{
	double best = 0;

	if (a.pages.empty()) {
		fprintf(stderr, "%s: no page\n", a.name);
		exit(1);
	}
	for (uint64_t seed = 1; seed <= nr_starts; seed++) {
		clusters found(a, seed);
		double all = 0;

		for (unsigned int i = 0; i < nr_rounds; i++)
			all = found.round();
		if (best == 0 || all < best) {
			best = all;
			a.codes = found.codes();
		}
	}
	fprintf(stderr, "%s: %zu pages, %.1f bytes a page\n", a.name,
		a.pages.size(),
		best / 8 / static_cast<double>(a.pages.size()));
}

/* ---- Output ------------------------------------------------------------- */

void print_digits(const uint8_t *code, size_t nr)
{
	for (size_t i = 0; i < nr; i += 64) {
		printf("%s\"", i ? "\t" : "\t{");
		for (size_t k = i; k < nr && k < i + 64; k++)
			putchar("0123456789a"[code[k]]);
		printf("\"%s\n", i + 64 < nr ? "" : "},");
	}
}

void print_header()
{
	puts("/* SPDX-License-Identifier: GPL-2.0 OR MIT */\n"
	     "/*\n"
	     " * Code lengths of the profiles, a digit for each symbol; 0 is a\n"
	     " * symbol without a code. They are part of the format and never\n"
	     " * change. scripts/train/train.sh made them.\n"
	     " */\n"
	     "#ifndef ZSM_W64_HC_LENGTHS_HH\n"
	     "#define ZSM_W64_HC_LENGTHS_HH\n\n"
	     "#include \"core/w64/hc/format.hh\"\n\n"
	     "namespace zsm::w64::hc {\n\n"
	     "inline constexpr char code_lengths[nr_profiles][256 + 1] = {");
}

void print_all()
{
	print_header();
	for (const alphabet &a : alphabets) {
		printf("\t/* %s */\n", a.name);
		for (const lengths &code : a.codes)
			print_digits(code.data(), nr_symbols);
	}
	puts("};\n\ninline constexpr char\n"
	     "\toffset_code_lengths[lz_token_profiles][nr_offset_classes + 1] "
	     "= {");
	for (const lengths &code : alphabets[2].codes)
		print_digits(&code[nr_symbols], hc::nr_offset_classes);
	puts("};\n\n} /* namespace zsm::w64::hc */\n\n"
	     "#endif /* ZSM_W64_HC_LENGTHS_HH */");
}

} /* namespace */

int main(int argc, char **argv)
{
	if (argc < 3) {
		fprintf(stderr, "usage: train PAGES FILE...\n");
		return 2;
	}
	for (int i = 2; i < argc; i++)
		look_at_file(argv[i], strtoul(argv[1], nullptr, 0));
	for (alphabet &a : alphabets)
		train(a);
	print_all();
	return 0;
}
