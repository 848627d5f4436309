// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * w64hc.cc - decompress blocks of w64hc of which a few bytes were changed, many
 * millions.
 *
 * usage: w64hc BLOCKS [SEED]
 *
 * What a fuzzer under ASan finds is deeper; this is a hundred times faster.
 * Blocks, pages and work memory stand against pages of memory that nobody may
 * touch: a block so that it begins there or ends there, in turns, the others so
 * that they end there. All builds have to agree on what is a block, and on its
 * page. Ends with a signal, or with 1 and a message.
 */
#include "core/tests/w64/hc_builds.hh"
#include "core/tests/w64/pages.hh"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sys/mman.h>

namespace {

constexpr size_t guard = 1 << 16;

/* Memory with untouchable memory before and behind it. */
class guarded {
public:
	explicit guarded(size_t nr)
	{
		const size_t room = (nr + guard - 1) / guard * guard;
		auto *const all = static_cast<uint8_t *>(
			mmap(nullptr, room + 2 * guard, PROT_NONE,
			     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));

		if (all == MAP_FAILED ||
		    mprotect(all + guard, room, PROT_READ | PROT_WRITE)) {
			perror("w64hc: mmap");
			exit(1);
		}
		begin_ = all + guard;
		end_ = begin_ + room;
	}

	uint8_t *from_begin() const { return begin_; }
	uint8_t *to_end(size_t nr) const { return end_ - nr; }

private:
	uint8_t *begin_;
	uint8_t *end_;
};

using block = std::vector<uint8_t>;

constexpr size_t nr_blocks = 256;
/* How often a block is changed before another page takes its place. */
constexpr uint64_t changes_a_block = 4096;

const std::vector<w64hc_build> builds = w64hc_builds();
const guarded block_memory(W64_PAGE_BYTES);
const guarded page_memory[2] = {guarded(W64_PAGE_BYTES),
				guarded(W64_PAGE_BYTES)};
const guarded work_memory(W64HC_ARCHIVE_WORK_BYTES);

block make_block(w64_pages::random &from)
{
	static uint8_t dst[W64HC_DST_BYTES];

	for (;;) {
		w64_pages::page p = w64_pages::make(
			static_cast<unsigned int>(from() % w64_pages::nr_kinds),
			from);
		const uint32_t level = w64hc_levels[from() % 4];
		const uint32_t nr = builds[0].compress(
			p.bytes.data(), dst,
			work_memory.to_end(W64HC_ARCHIVE_WORK_BYTES), level);

		if (nr)
			return {dst, dst + nr};
	}
}

/* Changes some of @nr bytes. Returns how many are left. */
size_t mutate(uint8_t *bytes, size_t nr, w64_pages::random &from)
{
	for (uint64_t left = 1 + from() % 3; left--;) {
		const uint64_t what = from();
		const size_t anywhere = (what >> 8) % nr;
		const size_t tail =
			nr - 1 - (what >> 8) % std::min<size_t>(nr, 14);
		const auto value = static_cast<uint8_t>(what >> 40);

		switch (what % 8) {
		case 0:
			bytes[anywhere] = value;
			break;
		case 1:
			bytes[anywhere] ^= 1 << (value & 7);
			break;
		case 2:
		case 3:
		case 4:
			bytes[tail] ^= 1 << (value & 7);
			break;
		case 5:
			bytes[tail] = value;
			break;
		case 6:
			bytes[0] = value & 7;
			break;
		default:
			/* Cut, with a tail still. */
			if (nr > 64) {
				memmove(bytes + anywhere / 2, bytes + nr - 24,
					24);
				nr = anywhere / 2 + 24;
			}
			break;
		}
	}
	return nr;
}

/* Whether all builds take it; they have to agree. */
bool decompress(const uint8_t *bytes, size_t nr, int fill)
{
	uint8_t *const first = page_memory[0].to_end(W64_PAGE_BYTES);
	uint8_t *const work = work_memory.to_end(W64HC_WORK_BYTES);
	bool accepted = false;

	memset(work, fill, 64);
	for (size_t i = 0; i < builds.size(); i++) {
		uint8_t *const page = page_memory[i > 0].to_end(W64_PAGE_BYTES);
		const bool good = !builds[i].decompress(bytes, nr, page, work);

		if ((i && good != accepted) ||
		    (i && good && memcmp(page, first, W64_PAGE_BYTES))) {
			fprintf(stderr, "the builds differ\n");
			exit(1);
		}
		accepted = good;
	}
	return accepted;
}

} /* namespace */

int main(int argc, char **argv)
{
	const uint64_t wanted = argc > 1 ? strtoull(argv[1], nullptr, 0) : 0;
	w64_pages::random from(argc > 2 ? strtoull(argv[2], nullptr, 0) : 1);
	std::vector<block> blocks;
	uint64_t accepted = 0;

	for (size_t i = 0; i < nr_blocks; i++)
		blocks.push_back(make_block(from));
	for (uint64_t i = 0; i < wanted; i++) {
		const block &b = blocks[from() % nr_blocks];
		uint8_t *to = block_memory.from_begin();
		size_t nr = b.size();

		memcpy(to, b.data(), nr);
		nr = mutate(to, nr, from);
		if (i & 1) {
			uint8_t *const at = block_memory.to_end(nr);

			memmove(at, to, nr);
			to = at;
		}
		accepted += decompress(to, nr, static_cast<int>(i));
		if (i % changes_a_block == 0)
			blocks[from() % nr_blocks] = make_block(from);
		if (i % 1000000 == 999999) {
			printf("%llu blocks, %llu accepted\n",
			       static_cast<unsigned long long>(i + 1),
			       static_cast<unsigned long long>(accepted));
			fflush(stdout);
		}
	}
	printf("%llu blocks, %llu accepted\n",
	       static_cast<unsigned long long>(wanted),
	       static_cast<unsigned long long>(accepted));
	return 0;
}
