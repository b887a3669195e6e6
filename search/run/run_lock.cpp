#include "search/run/run_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "architecture/base/error.hpp"

namespace gensynth::run {

RunLock::RunLock(const RunFolder& run) {
  const std::string path = run.lock();
  file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (file_ < 0) throw Error(path + ": cannot be opened: " + std::strerror(errno));
  if (::flock(file_, LOCK_EX | LOCK_NB) != 0) {
    ::close(file_);
    throw Error(run.path + ": another search is working on this run");
  }
}

RunLock::~RunLock() { ::close(file_); }

}  // namespace gensynth::run
