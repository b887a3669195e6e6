#include "search/store/memory/memory_store.hpp"

#include <set>

#include "architecture/base/clock.hpp"
#include "search/store/memory/memory_contents.hpp"

namespace gensynth::store::memory {
namespace {

/// Copies the record of an evaluation into its trial; the fields that the store itself sets stay unchanged.
void copy_results(const trial::Trial& from, trial::Trial& to) {
  trial::Trial result = from;
  result.ordinal = to.ordinal;
  result.state = to.state;
  result.hash = to.hash;
  result.rule = to.rule;
  result.stage = to.stage;
  result.core_seconds = to.core_seconds;
  result.lease_until = to.lease_until;
  to = std::move(result);
}

}  // namespace

void MemoryStore::Contents::log(trial::Event event) {
  event.seq = static_cast<std::int64_t>(events.size()) + 1;
  events.push_back(std::move(event));
}

MemoryStore::Contents::Row* MemoryStore::Contents::owned(const trial::Trial& trial) {
  const auto found = rows.find(trial.id);
  if (found == rows.end()) return nullptr;
  const trial::Trial& held = found->second.trial;
  const bool owns =
      held.state == trial::TrialState::running && held.attempt == trial.attempt && held.worker == trial.worker;
  return owns ? &found->second : nullptr;
}

int MemoryStore::Contents::lose(const std::function<bool(const trial::Trial&)>& is_lost) {
  int count = 0;
  for (auto& [id, row] : rows) {
    if (row.trial.state != trial::TrialState::running || !is_lost(row.trial)) continue;
    ++count;
    ++row.losses;
    row.trial.lease_until = 0;
    row.trial.state = trial::TrialState::queued;
    if (row.losses >= kLossesThatFail) {
      row.trial.state = trial::TrialState::failed;
      row.trial.reason = lost_reason(row.losses);
      row.unseen = true;
    }
    for (trial::Event& event : lost_events(id, row.losses)) log(std::move(event));
  }
  return count;
}
MemoryStore::MemoryStore() : contents_(std::make_shared<Contents>()) {}
MemoryStore::~MemoryStore() = default;

std::unique_ptr<MemoryStore> MemoryStore::open(bool read_only) const {
  auto handle = std::make_unique<MemoryStore>();
  handle->contents_ = contents_;
  handle->read_only_ = read_only;
  return handle;
}

std::optional<trial::Trial> MemoryStore::claim(const std::string& worker, double lease_seconds) {
  return writing([&](Contents& contents) -> std::optional<trial::Trial> {
    for (auto& [id, row] : contents.rows) {
      trial::Trial& trial = row.trial;
      if (trial.state != trial::TrialState::queued) continue;
      trial.state = trial::TrialState::running;
      trial.attempt += 1;
      trial.worker = worker;
      trial.lease_until = now_seconds() + lease_seconds;
      contents.log(claimed_event(trial));
      return trial;
    }
    return std::nullopt;
  });
}

bool MemoryStore::heartbeat(const trial::Trial& trial, double lease_seconds) {
  return writing([&](Contents& contents) {
    Contents::Row* row = contents.owned(trial);
    if (row == nullptr) return false;
    row->trial.lease_until = now_seconds() + lease_seconds;
    return true;
  });
}

bool MemoryStore::report_rung(const trial::Trial& trial, const trial::Rung& rung) {
  return writing([&](Contents& contents) {
    Contents::Row* row = contents.owned(trial);
    if (row == nullptr) return false;
    copy_results(trial, row->trial);
    contents.log(rung_event(trial, rung));
    return true;
  });
}

bool MemoryStore::finish(const trial::Trial& trial) {
  check_final(trial);
  return writing([&](Contents& contents) {
    Contents::Row* row = contents.owned(trial);
    if (row == nullptr) return false;
    copy_results(trial, row->trial);
    row->trial.state = trial.state;
    row->trial.rule = trial.rule;
    row->trial.stage = trial.stage;
    row->trial.core_seconds += trial.core_seconds;
    row->trial.lease_until = 0;
    row->unseen = true;
    contents.log(finished_event(trial));
    return true;
  });
}

bool MemoryStore::release(const trial::Trial& trial, const std::string& reason) {
  return writing([&](Contents& contents) {
    Contents::Row* row = contents.owned(trial);
    if (row == nullptr) return false;
    row->trial.state = trial::TrialState::queued;
    row->trial.lease_until = 0;
    for (trial::Event& event : released_events(trial, reason)) contents.log(std::move(event));
    return true;
  });
}

void MemoryStore::add(const std::vector<trial::Trial>& trials, const std::map<std::string, std::string>& values,
                      const std::vector<std::int64_t>& observed) {
  writing([&](Contents& contents) {
    std::map<std::int64_t, Contents::Row> fresh;
    for (const trial::Trial& trial : trials) {
      if (contents.rows.count(trial.id) > 0 || !fresh.emplace(trial.id, Contents::Row{trial, 0, false}).second) {
        throw Error("memory store: trial " + std::to_string(trial.id) + " exists already", ErrorKind::internal);
      }
    }
    std::set<std::int64_t> shown(contents.observed.begin(), contents.observed.end());
    for (const std::int64_t id : observed) {
      if (contents.rows.count(id) + fresh.count(id) == 0 || !shown.insert(id).second) {
        throw Error("memory store: observed trial " + std::to_string(id) + " does not exist or was observed before",
                    ErrorKind::internal);
      }
    }
    contents.rows.merge(fresh);
    for (const trial::Trial& trial : trials) contents.log(proposed_event(trial));
    contents.observed.insert(contents.observed.end(), observed.begin(), observed.end());
    for (const auto& [name, content] : values) contents.values[name] = content;
  });
}

std::vector<trial::Trial> MemoryStore::take_unseen() {
  return writing([&](Contents& contents) {
    std::vector<trial::Trial> result;
    for (auto& [id, row] : contents.rows) {
      if (!std::exchange(row.unseen, false)) continue;
      result.push_back(row.trial);
    }
    sort_by_ordinal(result);
    return result;
  });
}

int MemoryStore::requeue_expired() {
  return writing([&](Contents& contents) {
    return contents.lose([now = now_seconds()](const trial::Trial& trial) { return trial.lease_until <= now; });
  });
}

int MemoryStore::requeue_orphans(const std::string& worker) {
  return writing([&](Contents& contents) {
    return contents.lose([&](const trial::Trial& trial) { return trial.worker == worker; });
  });
}

void MemoryStore::set_values(const std::map<std::string, std::string>& values) {
  writing([&](Contents& contents) {
    for (const auto& [name, content] : values) contents.values[name] = content;
  });
}

}  // namespace gensynth::store::memory
