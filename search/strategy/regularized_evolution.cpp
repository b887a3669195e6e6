#include <algorithm>
#include <deque>
#include <nlohmann/json.hpp>

#include "search/strategy/kinds.hpp"

namespace gensynth::strategy {
namespace {

class RegularizedEvolution final : public Strategy {
 public:
  RegularizedEvolution(const StrategyContext& context, const EvolutionOptions& options)
      : context_(context), options_(options) {}

  std::string kind() const override { return "regularized_evolution"; }

  Proposal propose(Rng& rng) override {
    if (static_cast<int>(population_.size()) < options_.population) return {context_.space.sample(rng), {}};
    const Member* parent = nullptr;
    for (int i = 0; i < options_.sample; ++i) {
      const Member& drawn = population_[static_cast<std::size_t>(below(rng, static_cast<int>(population_.size())))];
      if (parent == nullptr || drawn.fitness > parent->fitness) parent = &drawn;
    }
    return {context_.space.mutate(parent->genotype, options_.mutations, rng), {parent->trial}};
  }

  void observe(const trial::Trial& trial) override {
    population_.push_back({trial.id, trial.genotype, fitness(trial)});
    if (static_cast<int>(population_.size()) > options_.population) population_.pop_front();
  }

  nlohmann::json state() const override { return nlohmann::json::object(); }  // determined by the trials
  void restore(const nlohmann::json&) override {}

 private:
  struct Member {
    std::int64_t trial;
    space::Genotype genotype;
    double fitness;
  };
  StrategyContext context_;
  EvolutionOptions options_;
  std::deque<Member> population_;  // oldest first
};

}  // namespace

std::unique_ptr<Strategy> make_regularized_evolution(const StrategyContext& context, const EvolutionOptions& options) {
  return std::make_unique<RegularizedEvolution>(context, options);
}

}  // namespace gensynth::strategy
