#include "search/benchmark/surrogate_benchmark.hpp"

#include <oneapi/tbb/parallel_for.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <nlohmann/json.hpp>
#include <set>

#include "architecture/error.hpp"
#include "architecture/hash.hpp"
#include "search/benchmark/checkpoints.hpp"
#include "inquisitor/pareto_front.hpp"
#include "search/proposer.hpp"

namespace gensynth {

struct SurrogateBenchmark::Setting {
  explicit Setting(const TrainedCandidates& trained) : job(trained.job), parts(job), world(trained) {
    const std::string& accuracy = job.objective.accuracy;
    if (accuracy != "proxy_top1") {
      throw Error(job.source + ": /objective/accuracy: '" + accuracy +
                  "', expected 'proxy_top1': other accuracies are not trained for");
    }
    for (const TrainedCandidates::Row& row : trained.rows) {
      const Assessment assessment = parts.assessor.assess(parts.space->build(row.genotype));
      slowest = std::max(slowest, assessment.metrics.value("latency_ms").value_or(0));
    }
  }
  StrategyContext context() const { return {*parts.space, parts.assessor, parts.performance, cache}; }

  Job job;
  JobParts parts;
  AccuracyWorld world;
  double slowest = 0;  ///< predicted latency among the trained, in ms
  std::shared_ptr<const CandidateCache> cache = std::make_shared<CandidateCache>(*parts.space, parts.assessor, 4'096);
};

namespace {

/// The trials of one search, and what they are worth without noise.
class Search {
 public:
  Search(const Job& job, const JobParts& parts, const AccuracyWorld& world, double slowest, std::uint64_t noise)
      : job_(job), parts_(parts), world_(world), slowest_(slowest), noise_(noise) {}

  /// Nothing when the free filter turns it down or it is known.
  std::optional<Trial> evaluate(Proposal proposal) {
    const Architecture architecture = parts_.space->build(proposal.genotype);
    Assessment assessment = parts_.assessor.assess(architecture);
    if (assessment.rejected()) return std::nullopt;
    const std::string hash = to_string(canonical_hash(architecture));
    if (!hashes_.insert(hash).second) return std::nullopt;
    Trial trial;
    trial.id = trial.ordinal = static_cast<std::int64_t>(worth_.size()) + 1;
    trial.genotype = std::move(proposal.genotype);
    trial.parents = std::move(proposal.parents);
    trial.metrics = std::move(assessment.metrics);
    trial.verdicts = std::move(assessment.verdicts);
    trial.hash = hash;
    trial.state = TrialState::scored;
    trial.feasible = feasible(trial.verdicts);
    const double expected = world_.expected(architecture);
    worth_.push_back({parts_.performance.score(trial.metrics, trial.verdicts, expected), 0});
    const double measured = world_.measured(expected, derive_seed(noise_, 0, hash));
    trial.metrics.set("proxy_top1", Quantity::measured(measured, "%", "stand-in for training"));
    trial.u = parts_.performance.score(trial.metrics, trial.verdicts);
    worth_.back().measured = *trial.u;
    best_ = std::max(best_.value_or(worth_.back().u), worth_.back().u);
    front_.add(trial.metrics.value("latency_ms").value_or(slowest_), expected);
    return trial;
  }

  SurrogatePoint point(std::optional<std::int64_t> preferred) const {
    const auto by_measured = [](const Worth& a, const Worth& b) { return a.measured < b.measured; };
    const Worth& chosen = preferred ? worth_[static_cast<std::size_t>(*preferred - 1)]
                                    : *std::max_element(worth_.begin(), worth_.end(), by_measured);
    const double area = front_.area(slowest_, world_.lowest());
    return {chosen.u, *best_, area / (slowest_ * (world_.highest() - world_.lowest()))};
  }
  bool empty() const { return worth_.empty(); }
  int trials() const { return static_cast<int>(worth_.size()); }

 private:
  struct Worth {
    double u, measured;
  };
  const Job& job_;
  const JobParts& parts_;
  const AccuracyWorld& world_;
  double slowest_;
  std::uint64_t noise_;
  std::set<std::string> hashes_;
  std::vector<Worth> worth_;  // by trial
  std::optional<double> best_;
  ParetoFront front_;
};

/// Two-sided 95 % quantile of Student's t (Abramowitz and Stegun 1964, 26.7.5), good to 1 % from 3 degrees on.
double student_t(double degrees) {
  const double z = 1.959964;
  const double z2 = z * z;
  const double g1 = (z2 + 1) * z / 4;
  const double g2 = ((5 * z2 + 16) * z2 + 3) * z / 96;
  const double g3 = (((3 * z2 + 19) * z2 + 17) * z2 - 15) * z / 384;
  return z + g1 / degrees + g2 / (degrees * degrees) + g3 / (degrees * degrees * degrees);
}

Interval interval_of(const std::vector<double>& values) {
  const auto n = static_cast<double>(values.size());
  Interval result;
  for (const double value : values) result.mean += value / n;
  if (values.size() < 2) return result;
  double squares = 0;
  for (const double value : values) squares += (value - result.mean) * (value - result.mean);
  result.half = student_t(n - 1) * std::sqrt(squares / (n - 1) / n);
  return result;
}

}  // namespace

SurrogateBenchmark::SurrogateBenchmark(const TrainedCandidates& trained)
    : setting_(std::make_unique<Setting>(trained)) {}
SurrogateBenchmark::~SurrogateBenchmark() = default;

const AccuracyWorld& SurrogateBenchmark::world() const { return setting_->world; }

SurrogateCurve SurrogateBenchmark::search(const std::string& kind, const SurrogateBenchmarkOptions& options,
                                          int repeat) const {
  const std::unique_ptr<Strategy> strategy =
      make_strategy({{"kind", kind}}, setting_->context(), "--strategies", "/" + kind);
  const auto index = static_cast<std::uint64_t>(repeat);
  Rng rng(derive_seed(options.seed, index, "benchmark-search"));
  Search search(setting_->job, setting_->parts, setting_->world, setting_->slowest,
                derive_seed(options.seed, index, "noise"));
  std::deque<Trial> unseen;  // by the strategy, as in a run whose workers are busy
  SurrogateCurve curve;
  const std::vector<int> marks = checkpoints(options.trials);
  auto mark = marks.begin();
  while (mark != marks.end() && curve.proposals < options.proposals) {
    ++curve.proposals;
    std::optional<Trial> trial = search.evaluate(strategy->propose(rng));
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
  if (search.empty()) return curve;
  for (; !unseen.empty(); unseen.pop_front()) strategy->observe(unseen.front());
  for (; mark != marks.end(); ++mark) curve.points[*mark] = search.point(strategy->preferred());
  return curve;
}

std::vector<SurrogateSummary> run_surrogate_benchmark(const SurrogateBenchmark& benchmark,
                                                      const SurrogateBenchmarkOptions& options) {
  for (const std::string& kind : options.strategies) check_strategy({{"kind", kind}}, "--strategies", "/" + kind);
  const auto repeats = static_cast<std::size_t>(options.repeats);
  std::vector<SurrogateCurve> curves(options.strategies.size() * repeats);
  oneapi::tbb::parallel_for(std::size_t{0}, curves.size(), [&](std::size_t i) {
    curves[i] = benchmark.search(options.strategies[i / repeats], options, static_cast<int>(i % repeats));
  });
  std::vector<SurrogateSummary> result;
  for (std::size_t s = 0; s < options.strategies.size(); ++s) {
    SurrogateSummary summary;
    summary.strategy = options.strategies[s];
    std::map<int, std::array<std::vector<double>, 3>> values;
    for (std::size_t r = 0; r < repeats; ++r) {
      const SurrogateCurve& curve = curves[s * repeats + r];
      if (curve.trials == 0) {
        throw Error(summary.strategy + ": no proposal in " + std::to_string(options.proposals) +
                    " met the constraints, expected at least one; raise --proposals");
      }
      summary.proposals += static_cast<double>(curve.proposals) / static_cast<double>(repeats);
      summary.cut_short += curve.trials < options.trials ? 1 : 0;
      for (const auto& [trials, point] : curve.points) {
        values[trials][0].push_back(point.chosen);
        values[trials][1].push_back(point.best);
        values[trials][2].push_back(point.hypervolume);
      }
    }
    for (const auto& [trials, lists] : values) {
      summary.points[trials] = {interval_of(lists[0]), interval_of(lists[1]), interval_of(lists[2])};
    }
    result.push_back(std::move(summary));
  }
  return result;
}

nlohmann::ordered_json to_json(const std::vector<SurrogateSummary>& summaries) {
  nlohmann::ordered_json result = nlohmann::ordered_json::object();
  const auto pair = [](const Interval& interval) {
    return nlohmann::ordered_json{{"mean", interval.mean}, {"half_width", interval.half}};
  };
  for (const SurrogateSummary& s : summaries) {
    nlohmann::ordered_json points = nlohmann::ordered_json::object();
    for (const auto& [trials, point] : s.points) {
      points[std::to_string(trials)] = {
          {"chosen_u", pair(point.chosen)}, {"best_u", pair(point.best)}, {"hypervolume", pair(point.hypervolume)}};
    }
    result[s.strategy] = {{"proposals", s.proposals}, {"cut_short", s.cut_short}, {"at", std::move(points)}};
  }
  return result;
}

}  // namespace gensynth
