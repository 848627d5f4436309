/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Files of the kernel: /sys and /proc, or a recording of them. All that zsmctl
 * learns of a machine it reads through a tree, so that a test, or a person with
 * another machine's files, can put a folder in place of the root.
 */
#ifndef ZSMCTL_SYS_TREE_HH
#define ZSMCTL_SYS_TREE_HH

#include <cerrno>
#include <string>
#include <string_view>
#include <vector>

namespace zsmctl {

/* A file's text without the last line end, or why there is none. */
struct reading {
	std::string text;
	int error = 0; /* errno */

	explicit operator bool() const { return !error; }
	bool absent() const { return error == ENOENT || error == ENOTDIR; }
	bool denied() const { return error == EACCES || error == EPERM; }
};

class tree {
public:
	/* @prefix stands before each path; empty for the running machine. */
	explicit tree(std::string prefix = {});

	bool live() const { return prefix_.empty(); }
	std::string path(std::string_view name) const;

	reading read(std::string_view name) const;
	bool exists(std::string_view name) const;
	/* The names in a folder, sorted; none if there is no such folder. */
	std::vector<std::string> list(std::string_view folder) const;
	/* Return: 0, or the errno that the kernel answered with. */
	int write(std::string_view name, std::string_view text) const;

private:
	std::string prefix_;
};

} /* namespace zsmctl */

#endif /* ZSMCTL_SYS_TREE_HH */
