#include <algorithm>
#include <nlohmann/json.hpp>

#include "inquisitor/inquisitor.hpp"
#include "search/strategy/kinds.hpp"
#include "search/strategy/ranking.hpp"
#include "search/trial/observation.hpp"

namespace gensynth::strategy {
namespace {

class Bayesian final : public Strategy {
 public:
  Bayesian(const StrategyContext& context, const BayesianOptions& options)
      : context_(context),
        options_(options),
        inquisitor_(context.space, context.assessor, context.performance, {}, context.cache) {}

  std::string kind() const override { return "bayesian"; }

  Proposal propose(Rng& rng) override {
    ++proposals_;
    if (proposals_ <= options_.explore) return {context_.space.sample(rng), {}};
    if (stale_ || ranked_.empty()) rank(rng);
    if (ranked_.empty()) return {context_.space.sample(rng), {}};  // all candidates near the best are known
    return {take_last(ranked_), {}};
  }

  void observe(const trial::Trial& trial) override {
    if (inquisitor_.history().contains(trial.genotype)) return;
    inquisitor_.observe(trial::observation_of(trial, context_.performance.accuracy, context_.assessor.constraints()));
    parents_.push_back({fitness(trial), trial.genotype});
    std::stable_sort(parents_.begin(), parents_.end(),
                     [](const Parent& a, const Parent& b) { return a.fitness > b.fitness; });
    parents_.resize(std::min(parents_.size(), static_cast<std::size_t>(options_.parents)));
    stale_ = true;
  }

  nlohmann::json state() const override {
    return {{"inquisitor", inquisitor_.state()}, {"ranked", ranked_}, {"proposals", proposals_}, {"unranked", stale_}};
  }

  void restore(const nlohmann::json& state) override {
    inquisitor_.restore(state.at("inquisitor"));
    ranked_ = state.at("ranked").get<std::vector<space::Genotype>>();
    proposals_ = state.at("proposals").get<int>();
    stale_ = state.at("unranked").get<bool>();
  }

 private:
  struct Parent {
    double fitness;
    space::Genotype genotype;
  };

  void rank(Rng& rng) {
    inquisitor_.fit();
    std::vector<space::Genotype> pool;
    for (int i = 0; i < options_.candidates; ++i) {
      if (parents_.empty() || uniform01(rng) < options_.random_share) {
        pool.push_back(context_.space.sample(rng));
        continue;
      }
      const Parent& parent = parents_[static_cast<std::size_t>(below(rng, static_cast<int>(parents_.size())))];
      pool.push_back(context_.space.mutate(parent.genotype, 1 + below(rng, 2), rng));
    }
    ranked_ = best_by_acquisition(inquisitor_.predict(pool), inquisitor_.history(), pool.size());
    stale_ = false;
  }

  StrategyContext context_;
  BayesianOptions options_;
  inquisitor::Inquisitor inquisitor_;
  std::vector<Parent> parents_;          // best first
  std::vector<space::Genotype> ranked_;  // worst first
  int proposals_ = 0;
  bool stale_ = true;
};

}  // namespace

std::unique_ptr<Strategy> make_bayesian(const StrategyContext& context, const BayesianOptions& options) {
  return std::make_unique<Bayesian>(context, options);
}

}  // namespace gensynth::strategy
