#pragma once

#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

namespace gensynth::worker {

/// How a child ended.
struct ProcessEnd {
  int status = 0;          ///< as of waitpid
  double cpu_seconds = 0;  ///< of the child and of those that it waited for
};

/// A child forked from this single-threaded process, in a process group of its own, which writes lines to a pipe. Its
/// end is its own end: what it started may hold the pipe open as long as it likes. Whatever the child leaves behind is
/// killed, in its group or not, if this process is a child subreaper (prctl).
class TrialProcess {
 public:
  /// Calls `body` in the child with the pipe's end; the child ends with code 0 when it returns. Throws Error when there
  /// is no process to be had.
  explicit TrialProcess(const std::function<void(int output)>& body);
  ~TrialProcess();  ///< kills what is left
  TrialProcess(const TrialProcess&) = delete;
  TrialProcess& operator=(const TrialProcess&) = delete;

  pid_t id() const { return process_; }
  /// The complete lines that arrived; waits up to `milliseconds` for the first ones. Throws Error for a line without
  /// end (over 64 MiB).
  std::vector<std::string> lines(int milliseconds);
  /// Whether the child has ended. What it wrote before can still be read.
  bool ended() const;
  /// Kills the group and what it left, and waits.
  ProcessEnd end();

 private:
  pid_t process_ = -1;
  int pipe_ = -1;
  bool open_ = true;  ///< the pipe
  std::string unread_;
  std::vector<pid_t> siblings_;  ///< children that were there before
};

/// Writes all of it to the pipe; ends the process when nobody reads any more. For the child.
void write_all(int output, const std::string& text);

}  // namespace gensynth::worker
