// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/sys/tree.hh"

#include <algorithm>
#include <array>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <unistd.h>

namespace zsmctl {

namespace {

/* Closes when it goes out of scope. */
class file {
public:
	file(const std::string &path, int flags)
		: fd_(::open(path.c_str(), flags | O_CLOEXEC))
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
	const file f(path(name), O_RDONLY);
	std::array<char, 16384> buffer;
	reading r;

	if (f.fd() < 0)
		return {.text = {}, .error = errno};
	for (;;) {
		const ssize_t n = ::read(f.fd(), buffer.data(), buffer.size());

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return {.text = {}, .error = errno};
		if (!n)
			break;
		r.text.append(buffer.data(), static_cast<size_t>(n));
	}
	if (!r.text.empty() && r.text.back() == '\n')
		r.text.pop_back();
	return r;
}

bool tree::exists(std::string_view name) const
{
	return !::access(path(name).c_str(), F_OK);
}

std::vector<std::string> tree::list(std::string_view folder) const
{
	const std::unique_ptr<DIR, int (*)(DIR *)> dir(
		::opendir(path(folder).c_str()), ::closedir);
	std::vector<std::string> names;

	while (const dirent *entry = dir ? ::readdir(dir.get()) : nullptr) {
		const std::string_view name = entry->d_name;

		if (name != "." && name != "..")
			names.emplace_back(name);
	}
	std::sort(names.begin(), names.end());
	return names;
}

int tree::write(std::string_view name, std::string_view text) const
{
	const file f(path(name), O_WRONLY | O_TRUNC);
	ssize_t n;

	if (f.fd() < 0)
		return errno;
	/* A file of sysfs takes a value in one piece. */
	do
		n = ::write(f.fd(), text.data(), text.size());
	while (n < 0 && errno == EINTR);
	return n < 0 ? errno : 0;
}

} /* namespace zsmctl */
