#include "search/store/memory/memory_contents.hpp"

namespace gensynth::store::memory {
namespace {

bool ended(const trial::Trial& trial) { return trial.ordinal > 0 && is_final(trial.state); }

}  // namespace

std::optional<trial::Trial> MemoryStore::get(std::int64_t id) const {
  return reading([&](const Contents& contents) {
    const auto found = contents.rows.find(id);
    return found == contents.rows.end() ? std::nullopt : std::optional(found->second.trial);
  });
}

std::vector<trial::Trial> MemoryStore::list(std::optional<trial::TrialState> state) const {
  return reading([&](const Contents& contents) {
    std::vector<trial::Trial> result;
    for (const auto& [id, row] : contents.rows) {
      if (!state || *state == row.trial.state) result.push_back(row.trial);
    }
    return result;
  });
}

void MemoryStore::each_evaluated(const Visitor& visit) const {
  std::vector<trial::Trial> trials = reading([&](const Contents& contents) {
    std::vector<trial::Trial> result;
    for (const auto& [id, row] : contents.rows) {
      if (ended(row.trial)) result.push_back(row.trial);
    }
    return result;
  });
  sort_by_ordinal(trials);
  for (trial::Trial& trial : trials) visit(std::move(trial));
}

void MemoryStore::each_observed(const Visitor& visit) const {
  std::vector<trial::Trial> trials = reading([&](const Contents& contents) {
    std::vector<trial::Trial> result;
    for (const std::int64_t id : contents.observed) result.push_back(contents.rows.at(id).trial);
    return result;
  });
  for (trial::Trial& trial : trials) visit(std::move(trial));
}

std::vector<std::int64_t> MemoryStore::find_by_hash(const std::string& hash) const {
  return reading([&](const Contents& contents) {
    std::vector<std::int64_t> result;
    for (const auto& [id, row] : contents.rows) {
      if (row.trial.hash == hash && row.trial.state != trial::TrialState::duplicate) result.push_back(id);
    }
    return result;
  });
}

std::int64_t MemoryStore::last_trial() const {
  return reading([](const Contents& contents) { return contents.rows.empty() ? 0 : contents.rows.rbegin()->first; });
}

trial::StateCounts MemoryStore::counts() const {
  return reading([](const Contents& contents) {
    trial::StateCounts result;
    for (const auto& [id, row] : contents.rows) ++result[row.trial.state];
    return result;
  });
}

std::map<std::string, Rejects> MemoryStore::rejects() const {
  return reading([](const Contents& contents) {
    std::map<std::string, Rejects> result;
    for (const auto& [id, row] : contents.rows) {
      const trial::Trial& trial = row.trial;
      if (trial.state != trial::TrialState::rejected) continue;
      const double violation = rejecting_violation(trial);
      const auto [found, is_new] = result.try_emplace(trial.rule, Rejects{0, 0, violation, trial.stage});
      Rejects& entry = found->second;
      entry.count += 1;
      entry.core_seconds += trial.core_seconds;
      entry.closest = std::min(entry.closest, violation);
      entry.stage = std::max(entry.stage, trial.stage);
    }
    return result;
  });
}

std::vector<trial::Event> MemoryStore::events(std::int64_t trial) const {
  return reading([&](const Contents& contents) {
    std::vector<trial::Event> result;
    for (const trial::Event& event : contents.events) {
      if (trial == 0 || event.trial == trial) result.push_back(event);
    }
    return result;
  });
}

std::optional<std::string> MemoryStore::value(const std::string& name) const {
  return reading([&](const Contents& contents) {
    const auto found = contents.values.find(name);
    return found == contents.values.end() ? std::nullopt : std::optional(found->second);
  });
}

}  // namespace gensynth::store::memory
