#include "search/simulation/surrogate_benchmark.hpp"

#include <algorithm>
#include <deque>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "architecture/base/error.hpp"
#include "architecture/hash.hpp"
#include "inquisitor/assessment/pareto_front.hpp"
#include "inquisitor/surrogate/winner.hpp"
#include "search/run/search_context.hpp"
#include "search/simulation/checkpoints.hpp"
#include "search/strategy/strategy.hpp"
#include "search/trial/observation.hpp"

namespace gensynth::simulation {

namespace {

/// The verdicts of a run's worker: plugins, and constraints on measured metrics.
std::vector<constraints::Verdict> judge_measured(const run::SearchContext& parts, const Architecture& architecture,
                                                 const Metrics& metrics) {
  std::vector<constraints::Verdict> verdicts =
      parts.plugins.check(architecture, metrics, constraints::CostClass::graph, constraints::CostClass::proxy);
  std::vector<constraints::Verdict> bounds =
      parts.built_in.check(architecture, metrics, constraints::CostClass::proxy, constraints::CostClass::proxy);
  std::move(bounds.begin(), bounds.end(), std::back_inserter(verdicts));
  return verdicts;
}

}  // namespace

struct SurrogateBenchmark::Setting {
  explicit Setting(const TrainedCandidates& trained) : job(trained.job), parts(job), objective(trained) {
    const std::string& accuracy = job.objective.accuracy;
    if (accuracy != "proxy_top1") {
      throw Error(job.source + ": /objective/accuracy: '" + accuracy +
                  "', expected 'proxy_top1': other accuracies are not trained for");
    }
    for (const TrainedCandidates::Row& row : trained.rows) {
      const assessment::Assessment assessment = parts.assessor.assess(parts.space->build(row.genotype));
      slowest = std::max(slowest, assessment.metrics.value("latency_ms").value_or(0));
    }
    check_constraints(trained.rows.front());
  }
  /// Fails before any search when a constraint needs a metric that the surrogate does not provide.
  void check_constraints(const TrainedCandidates::Row& row) const {
    const Architecture network = parts.space->build(row.genotype);
    Metrics metrics = parts.assessor.assess(network, true).metrics;
    metrics.set("proxy_top1", Quantity::measured(row.accuracy, "%", "training"));
    try {
      (void)judge_measured(parts, network, metrics);
    } catch (const Error& error) {
      throw Error(job.source + ": /constraints: " + error.what() +
                  "; proxy_top1 is the only measured metric in this benchmark");
    }
  }
  strategy::StrategyContext context() const { return {*parts.space, parts.assessor, parts.performance, cache}; }

  job::Job job;
  run::SearchContext parts;
  SurrogateObjective objective;
  double slowest = 0;  ///< predicted latency of the trained candidates, in ms
  std::shared_ptr<const surrogate::CandidateCache> cache =
      std::make_shared<surrogate::CandidateCache>(*parts.space, parts.assessor, 4'096);
};

namespace {

/// The trials of one search, and their U without noise.
class Search {
 public:
  Search(const run::SearchContext& parts, const SurrogateObjective& objective, double slowest, std::uint64_t noise)
      : parts_(parts), objective_(objective), slowest_(slowest), noise_(noise) {}

  /// Nothing if structural checks reject the candidate or it is a duplicate.
  std::optional<trial::Trial> evaluate(strategy::Proposal proposal) {
    const Architecture architecture = parts_.space->build(proposal.genotype);
    assessment::Assessment assessment = parts_.assessor.assess(architecture);
    if (assessment.rejected()) return std::nullopt;
    const std::string hash = to_string(canonical_hash(architecture));
    if (!hashes_.insert(hash).second) return std::nullopt;
    trial::Trial trial;
    trial.id = trial.ordinal = static_cast<std::int64_t>(true_u_.size()) + 1;
    trial.genotype = std::move(proposal.genotype);
    trial.parents = std::move(proposal.parents);
    trial.metrics = std::move(assessment.metrics);
    trial.verdicts = std::move(assessment.verdicts);
    trial.hash = hash;
    trial.state = trial::TrialState::scored;
    const double expected = objective_.expected(architecture);
    const double measured = objective_.measured(expected, derive_seed(noise_, 0, hash));
    trial.metrics.set("proxy_top1", Quantity::measured(measured, "%", "surrogate of training"));
    std::vector<constraints::Verdict> measured_verdicts = judge_measured(parts_, architecture, trial.metrics);
    std::move(measured_verdicts.begin(), measured_verdicts.end(), std::back_inserter(trial.verdicts));
    trial.feasible = feasible(trial.verdicts);
    if (trial.feasible) {
      trial.u = parts_.performance.score(trial.metrics, trial.verdicts);
      const double true_u = parts_.performance.score(trial.metrics, trial.verdicts, expected);
      true_u_.emplace_back(true_u);
      best_ = std::max(best_.value_or(true_u), true_u);
      front_.add(trial.metrics.value("latency_ms").value_or(slowest_), expected);
    } else {
      trial.state = trial::TrialState::rejected;
      true_u_.emplace_back();
    }
    history_.add(trial::observation_of(trial, parts_.performance.accuracy));
    return trial;
  }

  SurrogatePoint point() const {
    const std::optional<surrogate::Winner> winner =
        surrogate::select_winner(*parts_.space, parts_.performance, history_);
    if (!winner) return {};
    const double volume = front_.hypervolume(slowest_, objective_.lowest());
    return {true_u_[winner->observation], best_, volume / (slowest_ * (objective_.highest() - objective_.lowest()))};
  }
  int feasible_trials() const {
    return static_cast<int>(std::count_if(true_u_.begin(), true_u_.end(), [](const auto& u) { return u.has_value(); }));
  }
  bool empty() const { return true_u_.empty(); }
  int trials() const { return static_cast<int>(true_u_.size()); }

 private:
  const run::SearchContext& parts_;
  const SurrogateObjective& objective_;
  double slowest_;
  std::uint64_t noise_;
  std::set<std::string> hashes_;
  std::vector<std::optional<double>> true_u_;  // by trial, without noise; nothing for infeasible ones
  surrogate::ObservationHistory history_;
  std::optional<double> best_;
  assessment::ParetoFront front_;
};

}  // namespace

SurrogateBenchmark::SurrogateBenchmark(const TrainedCandidates& trained)
    : setting_(std::make_unique<Setting>(trained)) {}
SurrogateBenchmark::~SurrogateBenchmark() = default;

const SurrogateObjective& SurrogateBenchmark::objective() const { return setting_->objective; }

SurrogateCurve SurrogateBenchmark::search(const std::string& kind, const SurrogateBenchmarkOptions& options,
                                          int repeat) const {
  const std::unique_ptr<strategy::Strategy> strategy = strategy::make_strategy(
      strategy::strategy_spec_from_json({{"kind", kind}}, "--strategies", "/" + kind), setting_->context());
  const auto index = static_cast<std::uint64_t>(repeat);
  Rng rng(derive_seed(options.seed, index, "benchmark-search"));
  Search search(setting_->parts, setting_->objective, setting_->slowest, derive_seed(options.seed, index, "noise"));
  std::deque<trial::Trial> unseen;  // by the strategy, like the trials in flight of a run
  SurrogateCurve curve;
  const std::vector<int> marks = checkpoints(options.trials);
  auto mark = marks.begin();
  while (mark != marks.end() && curve.proposals < options.proposals) {
    ++curve.proposals;
    std::optional<trial::Trial> trial = search.evaluate(strategy->propose(rng));
    if (!trial) continue;
    unseen.push_back(std::move(*trial));
    const bool at_mark = search.trials() == *mark;
    // At the last point the strategy observes all trials, like at the end of a run.
    if (at_mark && mark + 1 == marks.end()) {
      for (; !unseen.empty(); unseen.pop_front()) strategy->observe(unseen.front());
    } else if (unseen.size() >= static_cast<std::size_t>(setting_->job.batch)) {
      strategy->observe(unseen.front());
      unseen.pop_front();
    }
    if (at_mark) curve.points[*mark++] = search.point();
  }
  curve.trials = search.trials();
  curve.feasible = search.feasible_trials();
  if (search.empty()) return curve;
  for (; !unseen.empty(); unseen.pop_front()) strategy->observe(unseen.front());
  for (; mark != marks.end(); ++mark) curve.points[*mark] = search.point();
  return curve;
}

}  // namespace gensynth::simulation
