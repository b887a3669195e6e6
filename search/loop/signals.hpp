#pragma once

namespace gensynth::loop {

/// Turns SIGINT and SIGTERM into a flag that loops ask for; the second one ends the process at once.
void catch_stop_signals();
bool stop_requested();
void request_stop();  ///< as if a signal had come; for tests and for workers whose coordinator is gone

}  // namespace gensynth::loop
