#include "search/analysis/overview/worker_timeline.hpp"

#include <algorithm>
#include <map>
#include <sstream>

namespace gensynth::analysis::overview {
namespace {

/// Reads "attempt 2 by HOST/1", the reason of a claim (search/store/trial_events.cpp).
void read_claim(const std::string& reason, Attempt& attempt) {
  std::istringstream in(reason);
  std::string word;
  in >> word >> attempt.attempt >> word >> std::ws;
  std::getline(in, attempt.worker);
}

}  // namespace

std::vector<Attempt> worker_timeline(const std::vector<trial::Event>& events) {
  std::vector<Attempt> attempts;
  std::map<std::int64_t, std::size_t> open;  // by trial
  double last = 0;
  for (const trial::Event& event : events) {
    last = std::max(last, event.time);
    if (event.kind == trial::EventKind::claimed) {
      Attempt attempt;
      attempt.trial = event.trial;
      attempt.start = event.time;
      attempt.outcome = "running";
      read_claim(event.reason, attempt);
      open[event.trial] = attempts.size();
      attempts.push_back(std::move(attempt));
      continue;
    }
    const bool ends = event.kind == trial::EventKind::finished || event.kind == trial::EventKind::lost ||
                      event.kind == trial::EventKind::preempted;
    const auto found = open.find(event.trial);
    if (!ends || found == open.end()) continue;
    attempts[found->second].end = event.time;
    attempts[found->second].outcome = event.to;
    open.erase(found);
  }
  for (const auto& [trial, index] : open) attempts[index].end = last;
  return attempts;
}

}  // namespace gensynth::analysis::overview
