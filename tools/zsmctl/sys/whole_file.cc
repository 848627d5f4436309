// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/sys/whole_file.hh"

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <system_error>
#include <unistd.h>

namespace zsmctl {

namespace {

using std::filesystem::path;

constexpr mode_t everybody_reads = 0644;

/* 0, or an errno. */
int write_all(int fd, const std::string &text)
{
	size_t done = 0;

	while (done < text.size()) {
		const ssize_t n =
			::write(fd, text.data() + done, text.size() - done);

		if (n < 0 && errno != EINTR)
			return errno;
		done += n > 0 ? static_cast<size_t>(n) : 0;
	}
	return ::fsync(fd) ? errno : 0;
}

int make(const path &file, const std::string &text)
{
	const int fd =
		::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
		       everybody_reads);

	if (fd < 0)
		return errno;
	const int error = write_all(fd, text);

	return ::close(fd) && !error ? errno : error;
}

int sync_folder(const path &folder)
{
	const int fd =
		::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return errno;
	/* EINVAL: this file system has nothing to wait for. */
	const int error = ::fsync(fd) && errno != EINVAL ? errno : 0;

	::close(fd);
	return error;
}

void want(int error, const path &file)
{
	if (error)
		throw std::system_error(error, std::generic_category(),
					file.string());
}

} /* namespace */

void write_whole_file(const std::string &name, const std::string &text)
{
	const path file = name;
	const path fresh = name + ".new";
	const path folder = file.parent_path();
	const bool made = std::filesystem::create_directories(folder);
	int error = make(fresh, text);

	if (!error && ::rename(fresh.c_str(), file.c_str()))
		error = errno;
	if (error)
		::unlink(fresh.c_str());
	want(error, file);
	want(sync_folder(folder), folder);
	if (made)
		want(sync_folder(folder.parent_path()), folder);
}

void remove_file(const std::string &name)
{
	const path file = name;

	want(::unlink(file.c_str()) ? errno : 0, file);
	want(sync_folder(file.parent_path()), file);
}

} /* namespace zsmctl */
