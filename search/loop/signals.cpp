#include "search/loop/signals.hpp"

#include <signal.h>
#include <unistd.h>

#include <atomic>

namespace gensynth::loop {
namespace {

std::atomic<int> stops{0};
static_assert(std::atomic<int>::is_always_lock_free);

extern "C" void on_stop(int) {
  if (stops.fetch_add(1) > 0) ::_exit(75);
}

}  // namespace

void catch_stop_signals() {
  struct sigaction action = {};
  action.sa_handler = on_stop;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  signal(SIGPIPE, SIG_IGN);
}

bool stop_requested() { return stops.load() > 0; }
void request_stop() { stops.store(1); }

}  // namespace gensynth::loop
