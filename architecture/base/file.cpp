#include "architecture/base/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "architecture/base/error.hpp"

namespace gensynth {
namespace {

namespace fs = std::filesystem;

/// Whether the path is a device, pipe or socket, which a file of the same name must not replace.
bool is_special(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return false;
  return S_ISCHR(status.st_mode) || S_ISBLK(status.st_mode) || S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode);
}

/// The target of a symbolic link; any other path unchanged.
std::string behind_link(const std::string& path) {
  std::error_code error;
  if (!fs::is_symlink(path, error)) return path;
  const fs::path target = fs::canonical(path, error);
  return error ? path : target.string();
}

/// An open file descriptor, closed by the destructor. `fail` reports the current errno.
class OutputFile {
 public:
  OutputFile(const std::string& path, const std::string& named, int flags) : named_(named) {
    file_ = ::open(path.c_str(), O_WRONLY | O_CLOEXEC | flags, 0644);
    if (file_ < 0) fail("open");
  }
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  ~OutputFile() {
    if (file_ >= 0) ::close(file_);
  }

  void write(std::string_view content) {
    while (!content.empty()) {
      const ssize_t written = ::write(file_, content.data(), content.size());
      if (written < 0) {
        if (errno == EINTR) continue;
        fail("write");
      }
      content.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  void sync() {
    if (::fsync(file_) != 0) fail("sync");
  }
  [[noreturn]] void fail(const char* step) const {
    throw Error(named_ + ": cannot be written (" + step + "): " + std::strerror(errno));
  }

 private:
  std::string named_;
  int file_ = -1;
};

}  // namespace

std::string read_file(const std::string& path) {
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  if (!in) throw Error(path + ": cannot be opened: " + std::strerror(errno));
  std::error_code error;
  if (fs::is_directory(path, error)) throw Error(path + ": is a folder, expected a file");
  std::ostringstream text;
  // Reading an empty file sets failbit only; a failed read sets errno, too.
  if (!(text << in.rdbuf()) && errno != 0) throw Error(path + ": cannot be read: " + std::strerror(errno));
  return std::move(text).str();
}

void write_file_atomically(const std::string& path, std::string_view content) {
  if (is_special(path)) {
    OutputFile(path, path, 0).write(content);
    return;
  }
  const std::string target = behind_link(path);
  const std::string temporary = target + ".tmp" + std::to_string(::getpid());
  try {
    OutputFile file(temporary, path, O_CREAT | O_TRUNC);
    file.write(content);
    file.sync();
    if (::rename(temporary.c_str(), target.c_str()) != 0) file.fail("rename");
  } catch (const Error&) {
    ::unlink(temporary.c_str());
    throw;
  }
}

}  // namespace gensynth
