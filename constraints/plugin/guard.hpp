#pragma once

#include <sys/types.h>

#include <functional>
#include <string>

namespace gensynth::plugin {

/// Limits of time and memory of a helper process. The defaults far exceed the cost of judging one network.
struct Limits {
  double load_seconds = 30;  ///< to load the library and to make a constraint
  double check_seconds = 10;
  int memory_mb = 2048;  ///< of data, beyond what the process has when it begins
};

/// Runs foreign code in a helper process that this process can lose. A guard process, forked once while this one is
/// small and without other threads, forks the helper, again whenever asked, watches it and kills what it leaves behind.
/// Both end with this process, however it ends. The helper writes its standard output to standard error and reads
/// nothing; `exit` ends it at once. Belongs to the process that made it; a fork of that abandons it.
class Guard {
 public:
  /// `body` runs in each helper, which ends when it returns; it talks by the socket. Throws Error (environment) where
  /// no process is to be had.
  Guard(std::function<void(int socket)> body, const Limits& limits);
  ~Guard();  ///< ends both
  Guard(const Guard&) = delete;
  Guard& operator=(const Guard&) = delete;

  /// Starts a helper, which must not run yet, and returns a non-blocking socket to it, which the caller closes.
  int start();
  /// Readable when the helper has ended.
  int events() const { return control_; }
  /// Waits for the helper, killed first if `kill`, and returns its status as of waitpid.
  int wait(bool kill);
  bool is_of_this_process() const;

 private:
  pid_t owner_ = 0;
  pid_t process_ = -1;
  int control_ = -1;
};

/// "ended with code 0", "was ended by signal 11 (Segmentation fault)": after "its process".
std::string status_text(int status);

}  // namespace gensynth::plugin
