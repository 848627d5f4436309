// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/cmd/top.hh"

#include "tools/zsmctl/cmd/device.hh"
#include "tools/zsmctl/figures/device.hh"
#include "tools/zsmctl/show/live.hh"
#include "tools/zsmctl/sys/interrupt.hh"
#include "tools/zsmctl/sys/watch.hh"

#include <algorithm>
#include <chrono>
#include <clocale>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <curses.h>
#include <fmt/format.h>
#include <langinfo.h>
#include <poll.h>
#include <unistd.h>

namespace zsmctl {

namespace {

using monotonic = std::chrono::steady_clock;

std::string clock_text()
{
	const std::time_t now = std::time(nullptr);
	std::tm local = {};
	char text[16];

	::localtime_r(&now, &local);
	std::strftime(text, sizeof(text), "%H:%M:%S", &local);
	return text;
}

void remember(std::deque<uint64_t> &values, uint64_t value)
{
	values.push_back(value);
	if (values.size() > live_history)
		values.pop_front();
}

/* Looks, and keeps what the view shows. */
class observer {
public:
	observer(const tree &files, const top_options &options)
		: files_(files),
		  watch_(files, devices_of(files, options.devices))
	{
		view.interval = options.interval;
	}

	void look()
	{
		const auto now = monotonic::now();

		view.before = std::move(view.now);
		view.now = watch_.look();
		view.seconds =
			looked_ ? std::chrono::duration<double>(now - at_)
					  .count()
				: 0;
		view.clock = clock_text();
		at_ = now;
		looked_ = true;
		const device_figures sum = figures_of_all(view.now);

		remember(view.memory, sum.taken + sum.uncounted);
		remember(view.disk, sum.on_disk);
		choose(0);
	}

	/* Goes on by @step devices. */
	void choose(int step)
	{
		const auto count = static_cast<int>(view.now.devices.size());

		view.classes.clear();
		if (!count) {
			view.chosen = 0;
			return;
		}
		const int at =
			std::min(static_cast<int>(view.chosen), count - 1);

		view.chosen = static_cast<size_t>((at + step + count) % count);
		if (view.classes_wanted)
			view.classes = read_classes(
				files_, view.now.devices[view.chosen].name);
	}

	live_view view;

private:
	static std::vector<std::string>
	devices_of(const tree &files, const std::vector<std::string> &given)
	{
		if (given.empty())
			return {};
		return devices_named(files, given);
	}

	const tree &files_;
	watch watch_;
	monotonic::time_point at_;
	bool looked_ = false;
};

/* A line an interval; the titles again with each screenful. */
exit_status print_rows(observer &o, const top_options &options)
{
	constexpr uint64_t between_titles = 20;
	const auto pause = static_cast<int>(options.interval * 1000);

	o.view.classes_wanted = false;
	for (uint64_t n = 0; !interrupted(); n++) {
		o.look();
		if (n % between_titles == 0)
			fmt::print("{}\n", live_row_title());
		fmt::print("{}\n", live_row(o.view));
		if (std::fflush(stdout) || std::ferror(stdout))
			return EXIT_FAILED;
		if (options.count && n + 1 >= options.count)
			break;
		::poll(nullptr, 0, pause);
	}
	return EXIT_DONE;
}

/* The terminal, given back when it goes out of scope. */
class screen {
public:
	screen()
	{
		std::setlocale(LC_CTYPE, "");
		if (!::newterm(nullptr, stdout, stdin))
			throw failure(
				EXIT_FAILED,
				"the terminal is not known; --rows needs none");
		cbreak();
		noecho();
		::keypad(stdscr, TRUE);
		::curs_set(0);
	}
	~screen() { ::endwin(); }
	screen(const screen &) = delete;
	screen &operator=(const screen &) = delete;

	void draw(const live_view &view) const
	{
		const auto width = static_cast<size_t>(COLS);
		const auto height = static_cast<size_t>(LINES);
		int row = 0;

		erase();
		for (const std::string &line : live_lines(view, width, height))
			mvaddstr(row++, 0, line.c_str());
		refresh();
	}
};

enum class answer { nothing, draw, look, quit };

answer key(observer &o, int pressed)
{
	constexpr double shortest = 0.1, longest = 3600;

	switch (pressed) {
	case 'q':
	case 'Q':
		return answer::quit;
	case ' ':
		return answer::look;
	case 'n':
	case KEY_DOWN:
		o.choose(1);
		return answer::draw;
	case 'p':
	case KEY_UP:
		o.choose(-1);
		return answer::draw;
	case 'c':
		o.view.classes_wanted = !o.view.classes_wanted;
		o.choose(0);
		return answer::draw;
	case '+':
		o.view.interval = std::min(o.view.interval * 2, longest);
		return answer::draw;
	case '-':
		o.view.interval = std::max(o.view.interval / 2, shortest);
		return answer::draw;
	case KEY_RESIZE:
		return answer::draw;
	default:
		return answer::nothing;
	}
}

exit_status show_screen(observer &o, const top_options &options)
{
	const screen terminal;
	uint64_t looks = 0;
	monotonic::time_point next = monotonic::now();

	o.view.unicode = !std::strcmp(::nl_langinfo(CODESET), "UTF-8");
	while (!interrupted()) {
		if (monotonic::now() >= next) {
			if (options.count && looks >= options.count)
				break;
			o.look();
			looks++;
			next = monotonic::now() +
			       std::chrono::milliseconds(static_cast<int>(
				       o.view.interval * 1000));
			terminal.draw(o.view);
		}
		const auto left =
			std::chrono::duration_cast<std::chrono::milliseconds>(
				next - monotonic::now());

		timeout(std::clamp(static_cast<int>(left.count()), 0, 3600000));
		const answer a = key(o, getch());

		if (a == answer::quit)
			break;
		if (a == answer::look)
			next = monotonic::now();
		if (a == answer::draw)
			terminal.draw(o.view);
	}
	return EXIT_DONE;
}

} /* namespace */

exit_status run_top(const tree &files, const top_options &options)
{
	observer o(files, options);

	catch_interrupts();
	if (options.rows || !::isatty(STDOUT_FILENO) || !::isatty(STDIN_FILENO))
		return print_rows(o, options);
	return show_screen(o, options);
}

} /* namespace zsmctl */
