// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/sys/program.hh"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace zsmctl {

namespace {

constexpr int tick_ms = 100;

[[noreturn]] void fail(const char *what)
{
	throw std::system_error(errno, std::generic_category(), what);
}

/* In the child: does not return. */
[[noreturn]] void become(const arguments &words, int output)
{
	std::vector<char *> argv;
	const char *const path = ::getenv("PATH");

	::setenv("PATH",
		 (std::string(path ? path : "/usr/bin:/bin") +
		  ":/usr/sbin:/sbin")
			 .c_str(),
		 1);
	/* What it says is read by this program. */
	::setenv("LC_ALL", "C", 1);
	::dup2(output, STDOUT_FILENO);
	::dup2(output, STDERR_FILENO);
	const int nothing = ::open("/dev/null", O_RDONLY);

	if (nothing >= 0)
		::dup2(nothing, STDIN_FILENO);
	for (const std::string &word : words)
		argv.push_back(const_cast<char *>(word.c_str()));
	argv.push_back(nullptr);
	::execvp(argv[0], argv.data());
	::_exit(127);
}

/* Reads what there is; false at its end. */
bool read_some(int fd, std::string &output)
{
	std::array<char, 4096> buffer;
	const ssize_t n = ::read(fd, buffer.data(), buffer.size());

	if (n < 0)
		return errno == EINTR;
	output.append(buffer.data(), static_cast<size_t>(n));
	return n > 0;
}

int wait_for(pid_t child)
{
	int status = 0;

	while (::waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			fail("waitpid");
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
				   : WEXITSTATUS(status);
}

} /* namespace */

ended run_program(const arguments &words,
		  const std::function<void()> &meanwhile)
{
	ended e;
	int ends[2];

	if (::pipe2(ends, O_CLOEXEC))
		fail("pipe");
	const pid_t child = ::fork();

	if (child < 0)
		fail("fork");
	if (!child)
		become(words, ends[1]);
	::close(ends[1]);
	for (;;) {
		pollfd p{.fd = ends[0], .events = POLLIN, .revents = 0};
		const int ready = ::poll(&p, 1, tick_ms);

		if (ready > 0 && !read_some(ends[0], e.output))
			break;
		if (meanwhile)
			meanwhile();
	}
	::close(ends[0]);
	e.status = wait_for(child);
	while (!e.output.empty() && e.output.back() == '\n')
		e.output.pop_back();
	if (e.status == 127 && e.output.empty())
		e.output = words.at(0) + ": there is no such program";
	return e;
}

int run_apart(const std::function<int()> &work,
	      const std::function<bool()> &stop)
{
	const pid_t child = ::fork();
	int status = 0;

	if (child < 0)
		fail("fork");
	if (!child) {
		/* Only the parent ends it, so that both end in order. */
		::signal(SIGINT, SIG_IGN);
		::_exit(work() & 0xff);
	}
	bool killed = false;

	for (;;) {
		const pid_t p = ::waitpid(child, &status, WNOHANG);

		if (p < 0 && errno != EINTR)
			fail("waitpid");
		if (p == child)
			break;
		if (stop() && !killed) {
			::kill(child, SIGKILL);
			killed = true;
		}
		::poll(nullptr, 0, tick_ms);
	}
	return WIFSIGNALED(status) ? -1 : WEXITSTATUS(status);
}

} /* namespace zsmctl */
