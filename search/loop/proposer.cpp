#include "search/loop/proposer.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "architecture/hash.hpp"
#include "architecture/rewrite/proxy_network.hpp"

namespace gensynth::loop {
namespace {

using nlohmann::json;

/// Rejected candidates are written in portions of this many, so that a search in a space that is hardly feasible
/// stays interruptible and its memory flat.
constexpr std::size_t kPortion = 256;

/// Spaces of at most so many genotypes are gone through when a strategy proposes nothing new.
constexpr double kLog10Enumerable = 5;
// So many known networks in a row mean that: the first time, later, and in a space of a few networks.
constexpr double kPatience = 100;
constexpr double kPatienceLater = 10;
constexpr double kLeastPatience = 8;

std::vector<space::Genotype> genotypes(const std::vector<job::Start>& starts) {
  std::vector<space::Genotype> result;
  for (const job::Start& start : starts) {
    if (!start.genotype)
      throw Error("start_from: '" + start.net + "' was not resolved before the search", ErrorKind::internal);
    result.push_back(*start.genotype);
  }
  return result;
}

}  // namespace

Proposer::Proposer(const job::Job& job, const run::SearchContext& parts, store::Store& store)
    : Proposer(job, parts, store,
               strategy::make_strategy(job.strategy, {*parts.space, parts.assessor, parts.performance, nullptr,
                                                      genotypes(job.start_from)})) {}

Proposer::Proposer(const job::Job& job, const run::SearchContext& parts, store::Store& store,
                   std::unique_ptr<strategy::Strategy> strategy)
    : job_(job),
      parts_(parts),
      store_(store),
      strategy_(std::move(strategy)),
      rng_(derive_seed(job.seed, 0, "strategy")),
      enumeration_(*parts.space) {
  if (job.proxy.enabled) {
    rung_accuracy_.resize(std::max<std::size_t>(1, job.proxy.train.rungs.size()));
  }
  restore();
}

std::int64_t Proposer::find_duplicate(const Architecture& architecture, const std::string& hash,
                                      const std::vector<trial::Trial>& pending) {
  const auto same = [&](const space::Genotype& genotype) {
    return isomorphic(architecture, parts_.space->build(genotype));
  };
  for (const trial::Trial& trial : pending) {
    if (trial.hash == hash && trial.state != trial::TrialState::duplicate && same(trial.genotype)) return trial.id;
  }
  for (const std::int64_t id : store_.find_by_hash(hash)) {
    const std::optional<trial::Trial> trial = store_.get(id);
    if (trial && same(trial->genotype)) return id;
  }
  return 0;
}

std::string Proposer::proxy_misfit(const Architecture& architecture) const {
  if (!job_.proxy.enabled) return "";
  try {
    (void)proxy_network(architecture, job_.data.px, std::max(1, job_.data.classes));
    return "";
  } catch (const Error& error) {
    return "cannot be trained at " + std::to_string(job_.data.px) + " px: " + error.what();
  }
}

bool Proposer::is_stuck() const {
  const double log10_size = parts_.space->log10_size();
  if (log10_size > kLog10Enumerable) return false;
  const double patience = looked_ ? kPatienceLater : kPatience;
  return repeats_ >= std::min(patience, std::max(kLeastPatience, 2 * std::pow(10, log10_size)));
}

std::optional<space::Genotype> Proposer::find_unknown(const std::vector<trial::Trial>& pending,
                                                      const std::function<bool()>& should_stop) {
  looked_ = true;
  while (std::optional<space::Genotype> genotype = enumeration_.next()) {
    const Architecture architecture = parts_.space->build(*genotype);
    if (find_duplicate(architecture, to_string(canonical_hash(architecture)), pending) == 0) return genotype;
    if (should_stop()) return std::nullopt;
  }
  exhausted_ = true;
  return std::nullopt;
}

std::optional<trial::Trial> Proposer::next(const std::function<bool()>& should_stop) {
  std::vector<trial::Trial> pending;
  while (!should_stop() && !out_of_proposals() && ordinal_ < job_.budget.trials && !exhausted_) {
    strategy::Proposal proposal;
    if (given_ < job_.start_from.size()) {
      proposal.genotype = *job_.start_from[given_++].genotype;
    } else if (is_stuck()) {
      std::optional<space::Genotype> unknown = find_unknown(pending, should_stop);
      if (!unknown) break;
      proposal.genotype = std::move(*unknown);
    } else {
      proposal = strategy_->propose(rng_);
    }
    trial::Trial trial;
    trial.id = ++last_id_;
    trial.genotype = std::move(proposal.genotype);
    trial.parents = std::move(proposal.parents);
    const Architecture architecture = parts_.space->build(trial.genotype);
    trial.hash = to_string(canonical_hash(architecture));
    trial.duplicate_of = find_duplicate(architecture, trial.hash, pending);
    repeats_ = trial.duplicate_of != 0 ? repeats_ + 1 : 0;
    if (trial.duplicate_of != 0) {
      trial.state = trial::TrialState::duplicate;
      trial.stage = Stage::graph;
      trial.reason = "the same network as trial " + std::to_string(trial.duplicate_of);
    } else {
      assessment::Assessment assessment = parts_.assessor.assess(architecture);
      trial.metrics = std::move(assessment.metrics);
      trial.verdicts = std::move(assessment.verdicts);
      if (assessment.rejected()) {
        const constraints::Verdict& verdict = trial.verdicts[static_cast<std::size_t>(assessment.rejected_by)];
        trial.state = trial::TrialState::rejected;
        trial.stage = assessment.stage;
        trial.rule = verdict.constraint;
        trial.reason = verdict.message;
      } else if (std::string misfit = proxy_misfit(architecture); !misfit.empty()) {
        trial.state = trial::TrialState::rejected;
        trial.stage = Stage::graph;
        trial.rule = "proxy_resolution";
        trial.reason = std::move(misfit);
      } else {
        trial.state = trial::TrialState::queued;
        trial.ordinal = ++ordinal_;
        trial.prune_below = prune_thresholds();
      }
    }
    const bool survived = trial.state == trial::TrialState::queued;
    pending.push_back(std::move(trial));
    if (survived) {
      trial::Trial result = pending.back();
      save(pending);
      return result;
    }
    if (pending.size() >= kPortion) {
      save(pending);
      pending.clear();
    }
  }
  if (!pending.empty() || exhausted_) save(pending);
  return std::nullopt;
}

void Proposer::observe(const trial::Trial& trial) {
  if (learn_of(trial)) unmarked_.push_back(trial.id);
}

bool Proposer::learn_of(const trial::Trial& trial) {
  if (!observed_.insert(trial.ordinal)) return false;
  for (std::size_t rung = 0; rung < trial.rungs.size() && rung < rung_accuracy_.size(); ++rung) {
    rung_accuracy_[rung].push_back(accuracy_of(trial.rungs[rung], job_.objective.accuracy));
  }
  strategy_->observe(trial);
  return true;
}

std::vector<double> Proposer::prune_thresholds() const {
  std::vector<double> thresholds(rung_accuracy_.size(), 0.0);
  if (job_.proxy.prune_quantile <= 0) return thresholds;
  for (std::size_t rung = 0; rung + 1 < rung_accuracy_.size(); ++rung) {
    std::vector<double> seen = rung_accuracy_[rung];
    if (static_cast<int>(seen.size()) < job_.proxy.prune_after) continue;
    const auto rank = static_cast<std::ptrdiff_t>(job_.proxy.prune_quantile * static_cast<double>(seen.size()));
    std::nth_element(seen.begin(), seen.begin() + rank, seen.end());
    thresholds[rung] = seen[static_cast<std::size_t>(rank)];
  }
  return thresholds;
}

void Proposer::save(const std::vector<trial::Trial>& trials) {
  const json state = {{"last_id", last_id_},
                      {"ordinal", ordinal_},
                      {"given", given_},
                      {"repeats", repeats_},
                      {"looked", looked_},
                      {"exhausted", exhausted_},
                      {"enumeration", enumeration_.position() ? json(*enumeration_.position()) : json(nullptr)},
                      {"rng", rng_state(rng_)},
                      {"strategy", strategy_->state()}};
  store_.add(trials, {{"proposer", state.dump()}}, unmarked_);
  unmarked_.clear();
}

void Proposer::restore() {
  const std::optional<std::string> saved = store_.value("proposer");
  if (!saved) return;
  try {
    const json state = json::parse(*saved);
    last_id_ = state.at("last_id").get<std::int64_t>();
    ordinal_ = state.at("ordinal").get<std::int64_t>();
    given_ = state.at("given").get<std::size_t>();
    if (state.contains("repeats")) {
      repeats_ = state.at("repeats").get<int>();
      looked_ = state.at("looked").get<bool>();
      exhausted_ = state.at("exhausted").get<bool>();
      const json& position = state.at("enumeration");
      if (!position.is_null()) enumeration_.go_to(position.get<space::Genotype>());
    }
    store_.each_observed([&](const trial::Trial& trial) { (void)learn_of(trial); });
    rng_ = rng_from_state(state.at("rng").get<std::string>());
    strategy_->restore(state.at("strategy"));
  } catch (const json::exception& error) {
    throw Error(std::string("the run's saved search state is damaged: ") + error.what(), ErrorKind::environment);
  }
}

}  // namespace gensynth::loop
