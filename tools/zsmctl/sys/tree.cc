// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/sys/tree.hh"

#include <algorithm>
#include <array>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>

namespace zsmctl {

namespace {

/* Closes when it goes out of scope. */
class file {
public:
	file(int folder, const char *path, int flags)
		: fd_(::openat(folder, path, flags | O_CLOEXEC))
	{
	}
	~file()
	{
		if (fd_ >= 0)
			::close(fd_);
	}
	file(const file &) = delete;
	file &operator=(const file &) = delete;

	int fd() const { return fd_; }

private:
	int fd_;
};

/* The text of an open file. @whole: a read that is short was the last. */
reading text_of(int fd, bool whole)
{
	std::array<char, 16384> buffer;
	reading r;

	if (fd < 0)
		return {.text = {}, .error = errno};
	for (;;) {
		const ssize_t n = ::read(fd, buffer.data(), buffer.size());

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return {.text = {}, .error = errno};
		r.text.append(buffer.data(), static_cast<size_t>(n));
		if (!n || (whole && static_cast<size_t>(n) < buffer.size()))
			break;
	}
	if (!r.text.empty() && r.text.back() == '\n')
		r.text.pop_back();
	return r;
}

/* The names in an open folder, sorted; @fd goes with it. */
std::vector<std::string> names_in(int fd)
{
	const std::unique_ptr<DIR, int (*)(DIR *)> dir(
		fd < 0 ? nullptr : ::fdopendir(fd), ::closedir);
	std::vector<std::string> names;

	if (fd >= 0 && !dir)
		::close(fd);

	while (const dirent *entry = dir ? ::readdir(dir.get()) : nullptr) {
		const std::string_view name = entry->d_name;

		if (name != "." && name != "..")
			names.emplace_back(name);
	}
	std::sort(names.begin(), names.end());
	return names;
}

constexpr int folder_flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;

} /* namespace */

tree::tree(std::string prefix) : prefix_(std::move(prefix))
{
	while (!prefix_.empty() && prefix_.back() == '/')
		prefix_.pop_back();
}

std::string tree::path(std::string_view name) const
{
	return prefix_ + std::string(name);
}

reading tree::read(std::string_view name) const
{
	const file f(AT_FDCWD, path(name).c_str(), O_RDONLY);

	opened_++;
	return text_of(f.fd(), false);
}

bool tree::exists(std::string_view name) const
{
	return !::access(path(name).c_str(), F_OK);
}

std::vector<std::string> tree::list(std::string_view folder) const
{
	opened_++;
	return names_in(::open(path(folder).c_str(), folder_flags));
}

int tree::write(std::string_view name, std::string_view text) const
{
	const file f(AT_FDCWD, path(name).c_str(), O_WRONLY | O_TRUNC);
	ssize_t n;

	if (f.fd() < 0)
		return errno;
	/* A file of sysfs takes a value in one piece. */
	do
		n = ::write(f.fd(), text.data(), text.size());
	while (n < 0 && errno == EINTR);
	return n < 0 ? errno : 0;
}

attributes::attributes(const tree &files, std::string_view folder)
	: files_(files),
	  path_(files.path(folder)),
	  fd_(::open(path_.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)),
	  error_(fd_ < 0 ? errno : 0)
{
	files_.opened_++;
}

attributes::~attributes()
{
	if (fd_ >= 0)
		::close(fd_);
}

reading attributes::read(const char *name) const
{
	if (error_)
		return {.text = {}, .error = error_};
	const file f(fd_, name, O_RDONLY);

	files_.opened_++;
	return text_of(f.fd(), true);
}

std::vector<std::string> attributes::list(const char *folder) const
{
	if (error_)
		return {};
	files_.opened_++;
	return names_in(::openat(fd_, folder, folder_flags));
}

bool attributes::alive() const
{
	struct stat mine = {}, now = {};

	return !error_ && !::fstat(fd_, &mine) &&
	       !::stat(path_.c_str(), &now) && mine.st_dev == now.st_dev &&
	       mine.st_ino == now.st_ino;
}

} /* namespace zsmctl */
