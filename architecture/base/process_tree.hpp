#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace gensynth {

// Reads /proc about other processes of this user. A process may end at any time; no function fails because of that.

/// Processes whose parent is `parent`, those that have ended and were not waited for included.
std::vector<pid_t> children_of(pid_t parent);
/// The state as in /proc/PID/stat ('R', 'S', 'D', 'T' stopped, 'Z' ended); 0 when there is no such process.
char process_state(pid_t process);
/// Resident memory in MiB; 0 when there is no such process.
double resident_mb(pid_t process);

/// Kills (SIGKILL) every process that was started with "NAME=VALUE" (`entry`) in its environment, and all that those
/// started, whatever their group, session or parent. Returns their number. Programs that erase their environment
/// escape.
int kill_marked(const std::string& entry);

/// Kills and waits for every child of this process that is not in `spared`, until there is none. With
/// PR_SET_CHILD_SUBREAPER these include what ended children left behind.
void kill_stray_children(const std::vector<pid_t>& spared);

}  // namespace gensynth
