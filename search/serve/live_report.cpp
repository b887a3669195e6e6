#include "search/serve/live_report.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "architecture/base/clock.hpp"
#include "search/report/html/report_json.hpp"
#include "search/run/run.hpp"

namespace gensynth::serve {
namespace {

constexpr int kNetworksUnderWay = 12;

bool is_under_way(const store::RunReader& store) {
  const trial::StateCounts counts = store.counts();
  return counts.count(trial::TrialState::running) > 0 || counts.count(trial::TrialState::queued) > 0;
}

}  // namespace

LiveReport::LiveReport(std::vector<std::string> runs, analysis::overview::RunReportLimits limits, std::string program)
    : runs_(std::move(runs)), limits_(limits), program_(std::move(program)) {
  version_ = look();
}

/// A run belongs to one thread, so that it is opened anew for each look.
std::string LiveReport::look() {
  std::string result;
  for (const std::string& place : runs_) {
    const run::Run run = run::Run::open(place, run::RunMode::read);
    result += std::to_string(run.store().last_trial());
    for (const auto& [state, count] : run.store().counts()) result += "," + std::to_string(count);
    for (const trial::Trial& trial : run.store().list(trial::TrialState::running)) {
      result += ";" + std::to_string(trial.id) + "/" + std::to_string(trial.rungs.size());
    }
    result += "|";
  }
  return result;
}

std::string LiveReport::version() {
  const std::lock_guard lock(mutex_);
  if (Clock::now() - looked_ >= kLook) {
    version_ = look();
    looked_ = Clock::now();
  }
  return document_ && Clock::now() < rests_until_ ? document_version_ : version_;
}

std::shared_ptr<const std::string> LiveReport::document() {
  const std::string present = version();
  const std::lock_guard lock(mutex_);
  const Clock::time_point begin = Clock::now();
  if (document_ && (document_version_ == present || begin < rests_until_)) return document_;
  std::vector<analysis::overview::RunReport> reports;
  bool searches = false;
  for (const std::string& place : runs_) {
    const run::Run run = run::Run::open(place, run::RunMode::read);
    analysis::overview::RunReportLimits limits = limits_;
    if (is_under_way(run.store())) {
      searches = true;
      limits.near_misses = 0;
      limits.networks = std::min(limits.networks, kNetworksUnderWay);
      limits.credit = false;
    }
    reports.push_back(analysis::overview::report_run(run, limits));
  }
  document_ =
      std::make_shared<const std::string>(report::html::report_json(reports, now_seconds(), program_)
                                              .dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
  document_version_ = present;
  const Clock::time_point end = Clock::now();
  rests_until_ = searches ? end + kRest * (end - begin) : end;
  return document_;
}

}  // namespace gensynth::serve
