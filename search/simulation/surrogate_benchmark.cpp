#include "search/simulation/surrogate_benchmark.hpp"

#include <algorithm>
#include <deque>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "architecture/base/error.hpp"
#include "architecture/hash.hpp"
#include "inquisitor/assessment/pareto_front.hpp"
#include "search/run/search_context.hpp"
#include "search/simulation/checkpoints.hpp"
#include "search/strategy/strategy.hpp"
#include "search/trial/trial.hpp"

namespace gensynth::simulation {

namespace {

/// What a run's worker would judge: plugins, and bounds on what training measured.
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
  explicit Setting(const TrainedCandidates& trained) : job(trained.job), parts(job), world(trained) {
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
  /// Before any search: a constraint may ask for what the stand-in does not tell.
  void check_constraints(const TrainedCandidates::Row& row) const {
    const Architecture network = parts.space->build(row.genotype);
    Metrics metrics = parts.assessor.assess(network, true).metrics;
    metrics.set("proxy_top1", Quantity::measured(row.accuracy, "%", "training"));
    try {
      (void)judge_measured(parts, network, metrics);
    } catch (const Error& error) {
      throw Error(job.source + ": /constraints: " + error.what() +
                  "; of what training measures the stand-in tells proxy_top1");
    }
  }
  strategy::StrategyContext context() const { return {*parts.space, parts.assessor, parts.performance, cache}; }

  job::Job job;
  run::SearchContext parts;
  SurrogateObjective world;
  double slowest = 0;  ///< predicted latency among the trained, in ms
  std::shared_ptr<const surrogate::CandidateCache> cache =
      std::make_shared<surrogate::CandidateCache>(*parts.space, parts.assessor, 4'096);
};

namespace {

/// The trials of one search, and what they are worth without noise.
class Search {
 public:
  Search(const job::Job& job, const run::SearchContext& parts, const SurrogateObjective& world, double slowest,
         std::uint64_t noise)
      : job_(job), parts_(parts), world_(world), slowest_(slowest), noise_(noise) {}

  /// Nothing when the free filter turns it down or it is known.
  std::optional<trial::Trial> evaluate(strategy::Proposal proposal) {
    const Architecture architecture = parts_.space->build(proposal.genotype);
    assessment::Assessment assessment = parts_.assessor.assess(architecture);
    if (assessment.rejected()) return std::nullopt;
    const std::string hash = to_string(canonical_hash(architecture));
    if (!hashes_.insert(hash).second) return std::nullopt;
    trial::Trial trial;
    trial.id = trial.ordinal = static_cast<std::int64_t>(worth_.size()) + 1;
    trial.genotype = std::move(proposal.genotype);
    trial.parents = std::move(proposal.parents);
    trial.metrics = std::move(assessment.metrics);
    trial.verdicts = std::move(assessment.verdicts);
    trial.hash = hash;
    trial.state = trial::TrialState::scored;
    const double expected = world_.expected(architecture);
    const double measured = world_.measured(expected, derive_seed(noise_, 0, hash));
    trial.metrics.set("proxy_top1", Quantity::measured(measured, "%", "stand-in for training"));
    std::vector<constraints::Verdict> told = judge_measured(parts_, architecture, trial.metrics);
    std::move(told.begin(), told.end(), std::back_inserter(trial.verdicts));
    trial.feasible = feasible(trial.verdicts);
    if (!trial.feasible) {
      trial.state = trial::TrialState::rejected;
      worth_.emplace_back();
      return trial;
    }
    trial.u = parts_.performance.score(trial.metrics, trial.verdicts);
    worth_.push_back(Worth{parts_.performance.score(trial.metrics, trial.verdicts, expected), *trial.u});
    best_ = std::max(best_.value_or(worth_.back()->u), worth_.back()->u);
    front_.add(trial.metrics.value("latency_ms").value_or(slowest_), expected);
    return trial;
  }

  SurrogatePoint point(std::optional<std::int64_t> preferred) const {
    if (!best_) return {};
    const auto by_measured = [](const auto& a, const auto& b) { return b && (!a || a->measured < b->measured); };
    const auto& chosen = preferred ? worth_[static_cast<std::size_t>(*preferred - 1)]
                                   : *std::max_element(worth_.begin(), worth_.end(), by_measured);
    const double area = front_.area(slowest_, world_.lowest());
    return {chosen.value().u, best_, area / (slowest_ * (world_.highest() - world_.lowest()))};
  }
  int feasible_trials() const {
    return static_cast<int>(std::count_if(worth_.begin(), worth_.end(), [](const auto& w) { return w.has_value(); }));
  }
  bool empty() const { return worth_.empty(); }
  int trials() const { return static_cast<int>(worth_.size()); }

 private:
  struct Worth {
    double u, measured;
  };
  const job::Job& job_;
  const run::SearchContext& parts_;
  const SurrogateObjective& world_;
  double slowest_;
  std::uint64_t noise_;
  std::set<std::string> hashes_;
  std::vector<std::optional<Worth>> worth_;  // by trial; nothing of infeasible ones
  std::optional<double> best_;
  assessment::ParetoFront front_;
};

}  // namespace

SurrogateBenchmark::SurrogateBenchmark(const TrainedCandidates& trained)
    : setting_(std::make_unique<Setting>(trained)) {}
SurrogateBenchmark::~SurrogateBenchmark() = default;

const SurrogateObjective& SurrogateBenchmark::world() const { return setting_->world; }

SurrogateCurve SurrogateBenchmark::search(const std::string& kind, const SurrogateBenchmarkOptions& options,
                                          int repeat) const {
  const std::unique_ptr<strategy::Strategy> strategy =
      strategy::make_strategy({{"kind", kind}}, setting_->context(), "--strategies", "/" + kind);
  const auto index = static_cast<std::uint64_t>(repeat);
  Rng rng(derive_seed(options.seed, index, "benchmark-search"));
  Search search(setting_->job, setting_->parts, setting_->world, setting_->slowest,
                derive_seed(options.seed, index, "noise"));
  std::deque<trial::Trial> unseen;  // by the strategy, as in a run whose workers are busy
  SurrogateCurve curve;
  const std::vector<int> marks = checkpoints(options.trials);
  auto mark = marks.begin();
  while (mark != marks.end() && curve.proposals < options.proposals) {
    ++curve.proposals;
    std::optional<trial::Trial> trial = search.evaluate(strategy->propose(rng));
    if (!trial) continue;
    unseen.push_back(std::move(*trial));
    const bool at_mark = search.trials() == *mark;
    // A point is what the search has when it ends there: it waits for what is under way.
    if (at_mark && mark + 1 == marks.end()) {
      for (; !unseen.empty(); unseen.pop_front()) strategy->observe(unseen.front());
    } else if (unseen.size() >= static_cast<std::size_t>(setting_->job.batch)) {
      strategy->observe(unseen.front());
      unseen.pop_front();
    }
    if (at_mark) curve.points[*mark++] = search.point(strategy->preferred());
  }
  curve.trials = search.trials();
  curve.feasible = search.feasible_trials();
  if (search.empty()) return curve;
  for (; !unseen.empty(); unseen.pop_front()) strategy->observe(unseen.front());
  for (; mark != marks.end(); ++mark) curve.points[*mark] = search.point(strategy->preferred());
  return curve;
}

}  // namespace gensynth::simulation
