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

	/* Files and folders that were opened through it so far. */
	size_t opened() const { return opened_; }

private:
	friend class attributes;

	std::string prefix_;
	mutable size_t opened_ = 0;
};

/*
 * The attributes of one thing in /sys, such as a device. Its folder is looked
 * up once, so that nothing is mixed of two devices that had a name after each
 * other. An attribute is read in one piece, as the kernel gives it.
 */
class attributes {
public:
	attributes(const tree &files, std::string_view folder);
	~attributes();
	attributes(const attributes &) = delete;
	attributes &operator=(const attributes &) = delete;

	reading read(const char *name) const;
	/* The names in a folder in it, sorted. */
	std::vector<std::string> list(const char *folder) const;
	/* Whether the folder is still what its name leads to. */
	bool alive() const;

private:
	const tree &files_;
	const std::string path_;
	const int fd_;
	const int error_; /* errno of opening it */
};

} /* namespace zsmctl */

#endif /* ZSMCTL_SYS_TREE_HH */
