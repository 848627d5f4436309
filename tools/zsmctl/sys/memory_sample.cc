// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/sys/memory_sample.hh"

#include "tools/zsmctl/sys/parse.hh"
#include "tools/zsmctl/sys/tree.hh"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace zsmctl {

namespace {

class opened {
public:
	explicit opened(const std::string &path)
		: fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC)),
		  error(fd < 0 ? errno : 0)
	{
	}
	~opened()
	{
		if (fd >= 0)
			::close(fd);
	}
	opened(const opened &) = delete;
	opened &operator=(const opened &) = delete;

	const int fd;
	const int error;
};

/* Aligned to 8, as codecs want it. */
using buffer = std::vector<uint64_t>;

bool read_page(int fd, uint64_t at, size_t page, buffer &room)
{
	room.resize(page / sizeof(uint64_t));
	return ::pread(fd, room.data(), page, static_cast<off_t>(at)) ==
	       static_cast<ssize_t>(page);
}

/* @n numbers out of @all, at equal distances. */
template <class F>
void spread(uint64_t all, uint64_t n, F each)
{
	n = std::min(n, all);
	for (uint64_t i = 0; i < n; i++)
		each(static_cast<uint64_t>(static_cast<__uint128_t>(i) * all /
					   n));
}

uint64_t bytes_of(int fd)
{
	struct stat st = {};
	uint64_t bytes = 0;

	if (::fstat(fd, &st))
		return 0;
	if (S_ISBLK(st.st_mode))
		return ::ioctl(fd, BLKGETSIZE64, &bytes) ? 0 : bytes;
	return static_cast<uint64_t>(st.st_size);
}

struct range {
	uint64_t begin = 0, end = 0;
};

/* `7f00-7f10 rw-p 00000000 00:00 0 [heap]': private, writable, of no file. */
std::vector<range> anonymous_ranges(const std::string &maps)
{
	std::vector<range> ranges;

	for (const std::string_view line : split_lines(maps)) {
		const auto words = split_words(line);

		if (words.size() < 5 || words[1].size() < 4 ||
		    words[1][1] != 'w' || words[1][3] != 'p' || words[4] != "0")
			continue;
		const std::string text(words[0]);
		const size_t dash = text.find('-');

		if (dash == text.npos)
			continue;
		ranges.push_back(
			{std::strtoull(text.c_str(), nullptr, 16),
			 std::strtoull(text.c_str() + dash + 1, nullptr, 16)});
	}
	return ranges;
}

/* Addresses of anonymous pages that are in memory, by /proc/PID/pagemap. */
std::vector<uint64_t> resident_pages(pid_t pid, size_t page, int &error)
{
	constexpr uint64_t present = uint64_t{1} << 63;
	constexpr uint64_t of_file = uint64_t{1} << 61;
	const std::string folder = "/proc/" + std::to_string(pid);
	const reading maps = tree().read(folder + "/maps");
	const opened map(folder + "/pagemap");
	std::vector<uint64_t> pages, entries;

	error = maps.error ? maps.error : map.error;
	if (error)
		return pages;
	for (const range &r : anonymous_ranges(maps.text)) {
		entries.resize((r.end - r.begin) / page);
		const ssize_t n = ::pread(
			map.fd, entries.data(),
			entries.size() * sizeof(uint64_t),
			static_cast<off_t>(r.begin / page * sizeof(uint64_t)));

		for (size_t i = 0; n > 0 && i < static_cast<size_t>(n) / 8; i++)
			if ((entries[i] & present) && !(entries[i] & of_file))
				pages.push_back(r.begin + i * page);
	}
	return pages;
}

void take_pages(pid_t pid, const std::vector<uint64_t> &pages, size_t page,
		size_t most, const take_page &take)
{
	const opened memory("/proc/" + std::to_string(pid) + "/mem");
	buffer room;

	if (memory.error)
		return;
	spread(pages.size(), most, [&](uint64_t i) {
		if (read_page(memory.fd, pages[i], page, room))
			take(reinterpret_cast<const uint8_t *>(room.data()));
	});
}

} /* namespace */

int sample_file(const std::string &path, size_t page, size_t most,
		const take_page &take)
{
	const opened file(path);
	buffer room;

	if (file.error)
		return file.error;
	spread(bytes_of(file.fd) / page, most, [&](uint64_t i) {
		if (read_page(file.fd, i * page, page, room))
			take(reinterpret_cast<const uint8_t *>(room.data()));
	});
	return 0;
}

int sample_pages(const std::string &path, size_t page,
		 const std::vector<uint64_t> &numbers,
		 const std::function<void(size_t, const uint8_t *)> &take)
{
	const int fd = ::open(path.c_str(), O_RDONLY | O_DIRECT | O_CLOEXEC);
	void *room = nullptr;

	if (fd < 0)
		return errno;
	/* Direct reads want a page's alignment. */
	if (::posix_memalign(&room, page, page)) {
		::close(fd);
		return ENOMEM;
	}
	for (size_t i = 0; i < numbers.size(); i++)
		if (::pread(fd, room, page,
			    static_cast<off_t>(numbers[i] * page)) ==
		    static_cast<ssize_t>(page))
			take(i, static_cast<const uint8_t *>(room));
	std::free(room);
	::close(fd);
	return 0;
}

int sample_process(pid_t pid, size_t page, size_t most, const take_page &take)
{
	int error = 0;
	const auto pages = resident_pages(pid, page, error);

	if (error)
		return error;
	const opened memory("/proc/" + std::to_string(pid) + "/mem");

	if (memory.error)
		return memory.error;
	take_pages(pid, pages, page, most, take);
	return 0;
}

int sample_system(size_t page, size_t most, const take_page &take)
{
	struct process {
		pid_t pid;
		std::vector<uint64_t> pages;
	};
	std::vector<process> all;
	size_t sum = 0;
	int denied = 0;

	for (const std::string &name : tree().list("/proc")) {
		const auto pid = parse_number(name);
		int error = 0;

		/* Not this one: what it holds is the sample. */
		if (!pid || static_cast<pid_t>(*pid) == ::getpid())
			continue;
		auto pages =
			resident_pages(static_cast<pid_t>(*pid), page, error);

		if (error == EACCES || error == EPERM)
			denied = error;
		sum += pages.size();
		if (!pages.empty())
			all.push_back(
				{static_cast<pid_t>(*pid), std::move(pages)});
	}
	for (const process &p : all)
		take_pages(p.pid, p.pages, page,
			   most * p.pages.size() / std::max(sum, most) + 1,
			   take);
	return all.empty() ? denied : 0;
}

} /* namespace zsmctl */
