#include "search/analysis/trial_list.hpp"

#include "architecture/base/error.hpp"

namespace gensynth::analysis {

std::vector<trial::Trial> listed_trials(const store::RunReader& store, const std::string& state) {
  if (!state.empty() && state != "all") return store.list(trial::trial_state_from_string(state));
  std::vector<trial::Trial> trials = store.list();
  if (state.empty()) std::erase_if(trials, [](const trial::Trial& t) { return t.ordinal == 0; });
  return trials;
}

std::vector<LoggedEvent> logged_events(const store::RunReader& store) {
  std::vector<LoggedEvent> result;
  for (trial::Event& event : store.events()) {
    const bool with_trial = event.kind == trial::EventKind::proposed || event.kind == trial::EventKind::finished;
    std::optional<trial::Trial> trial = with_trial ? store.get(event.trial) : std::nullopt;
    result.push_back({std::move(event), std::move(trial)});
  }
  return result;
}

trial::Trial trial_of(const store::RunReader& store, const std::string& run, std::int64_t id) {
  if (std::optional<trial::Trial> trial = store.get(id)) return *std::move(trial);
  for (const store::DamagedRecord& record : store.damaged()) {
    if (record.trial == id) throw Error(record.message, ErrorKind::environment);
  }
  throw Error(run + ": no trial " + std::to_string(id) + "; the run has trials 1 to " +
              std::to_string(store.last_trial()));
}

}  // namespace gensynth::analysis
