/* SPDX-License-Identifier: GPL-2.0 */
/* A folder of files that a test makes, to read as a machine. */
#ifndef ZSMCTL_TESTS_FOLDER_HH
#define ZSMCTL_TESTS_FOLDER_HH

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace zsmctl {

class folder {
public:
	folder()
	{
		std::string name = (std::filesystem::temp_directory_path() /
				    "zsmctl.XXXXXX")
					   .string();

		if (!::mkdtemp(name.data()))
			std::abort();
		path_ = name;
	}
	~folder() { std::filesystem::remove_all(path_); }
	folder(const folder &) = delete;
	folder &operator=(const folder &) = delete;

	const std::string &path() const { return path_; }

	folder &put(const std::string &name, const std::string &text)
	{
		const std::filesystem::path file = path_ + name;

		std::filesystem::create_directories(file.parent_path());
		std::ofstream(file) << text << "\n";
		return *this;
	}

	void remove(const std::string &name)
	{
		std::filesystem::remove_all(path_ + name);
	}

private:
	std::string path_;
};

} /* namespace zsmctl */

#endif /* ZSMCTL_TESTS_FOLDER_HH */
