#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "search/analysis/network_profile.hpp"
#include "search/analysis/overview/feasible_neighbours.hpp"
#include "search/analysis/overview/rule_ledger.hpp"
#include "search/analysis/overview/worker_timeline.hpp"
#include "search/analysis/trial_credit.hpp"
#include "search/run/run.hpp"
#include "search/run/winner.hpp"

namespace gensynth::analysis::overview {

/// How much of a run is examined in detail; what is left out is counted in the report.
struct RunReportLimits {
  int networks = 60;     ///< trials whose network is included, the most interesting first
  int near_misses = 40;  ///< infeasible trials whose neighbours are assessed
  bool credit = true;    ///< whether the winner's decisions are credited
  int features = 4000;   ///< trials whose derived features are computed, the latest evaluated first
};

/// The network of a trial, with its predicted kernels on the job's device.
struct TrialNetwork {
  std::int64_t trial = 0;
  NetworkProfile profile;
  std::vector<std::string> decisions, answers;  ///< names and labels, in the order of the walk
};

/// Features of a network that people compare, by trial.
struct DerivedFeatures {
  std::vector<std::string> names;
  std::vector<std::int64_t> trials;
  std::vector<std::vector<double>> values;  ///< by name, then by trial
};

/// A reference network on the job's device, with its published accuracy.
struct ReferenceNetwork {
  std::string name;
  double top1 = 0;  ///< ImageNet, %
  double latency_ms = 0;
  double params = 0, macs = 0;
};

/// A run as a report shows it.
struct RunReport {
  std::string name;  ///< the last part of the path
  std::string path;
  job::Job job;
  std::string space;
  double log10_size = 0;
  std::vector<trial::Trial> trials;  ///< by id
  trial::StateCounts counts;
  std::optional<run::RunWinner> winner;
  std::vector<std::int64_t> front;
  std::vector<RuleRecord> ledger;
  std::vector<MetricBound> bounds;
  std::vector<Attempt> attempts;
  std::vector<double> proposed;   ///< by trial: time of proposal, seconds since the epoch
  double started = 0, ended = 0;  ///< first and last event; 0 without any
  std::vector<NearMiss> near_misses;
  std::vector<TrialNetwork> networks;
  std::optional<TrialCredit> credit;  ///< of the winner
  DerivedFeatures features;
  std::vector<ReferenceNetwork> references;
  RunReportLimits limits;
};

/// Reads and analyses a run, which may be under way: the report is what the store contains at one instant after
/// another. Loads no plugin. May take seconds for thousands of trials.
RunReport report_run(const run::Run& run, const RunReportLimits& limits);

}  // namespace gensynth::analysis::overview
