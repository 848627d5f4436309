/* SPDX-License-Identifier: GPL-2.0 */
/* Samples of pages: of a file, of a program's anonymous memory, of all
 * programs'. */
#ifndef ZSMCTL_SYS_MEMORY_SAMPLE_HH
#define ZSMCTL_SYS_MEMORY_SAMPLE_HH

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace zsmctl {

/* Takes a page of the sample; the pointer is good for the call alone. */
using take_page = std::function<void(const uint8_t *)>;

/*
 * Whole pages at equal distances over a file, or block device, at most @most of
 * them. Return: 0 or an errno.
 */
int sample_file(const std::string &path, size_t page, size_t most,
		const take_page &take);

/*
 * Pages of a block device, by their numbers, past the page cache. @take is told
 * which of @numbers a page is; those that cannot be read are passed over.
 */
int sample_pages(const std::string &path, size_t page,
		 const std::vector<uint64_t> &numbers,
		 const std::function<void(size_t, const uint8_t *)> &take);

/*
 * Anonymous pages of a process that are in memory: pages that are swapped out
 * stay there, and pages that were never touched are not made.
 */
int sample_process(pid_t pid, size_t page, size_t most, const take_page &take);

/* The same of all processes, of each as many as it has of all. */
int sample_system(size_t page, size_t most, const take_page &take);

} /* namespace zsmctl */

#endif /* ZSMCTL_SYS_MEMORY_SAMPLE_HH */
