#include <algorithm>
#include <nlohmann/json.hpp>

#include "inquisitor/features.hpp"
#include "search/strategy/kinds.hpp"

namespace gensynth {
namespace {

/// One round of generative synthesis per proposal: the inquisitor, having seen what became of earlier networks,
/// returns Δθ_G; the generator applies it and emits networks; the one the inquisitor expects most of is built.
class GenerativeSynthesis final : public Strategy {
 public:
  GenerativeSynthesis(const StrategyContext& context, const SynthesisOptions& options)
      : context_(context),
        options_(options),
        generator_(context.space),
        inquisitor_(context.space, context.assessor, context.performance, options.teaching) {}

  std::string kind() const override { return "generative_synthesis"; }

  Proposal propose(Rng& rng) override {
    if (untaught_) {
      generator_.apply(inquisitor_.teach(generator_, rng));
      untaught_ = false;
      ranked_.clear();
    }
    ++proposals_;
    if (proposals_ <= options_.explore) return {generator_.sample(rng()), {}};
    if (ranked_.empty()) rank(rng);
    Genotype next = std::move(ranked_.back());
    ranked_.pop_back();
    return {std::move(next), {}};
  }

  void observe(const Trial& trial) override {
    Observation seen;
    seen.genotype = trial.genotype;
    seen.features = architecture_features(context_.space.build(trial.genotype));
    seen.accuracy = trial.metrics.value(context_.performance.accuracy);
    seen.u = trial.u;
    seen.feasible = trial.feasible;
    inquisitor_.observe(std::move(seen));
    untaught_ = true;
  }

  nlohmann::json state() const override {
    return {{"generator", generator_.state()},
            {"inquisitor", inquisitor_.state()},
            {"ranked", ranked_},
            {"proposals", proposals_},
            {"untaught", untaught_}};
  }

  void restore(const nlohmann::json& state) override {
    generator_.restore(state.at("generator"));
    inquisitor_.restore(state.at("inquisitor"));
    ranked_ = state.at("ranked").get<std::vector<Genotype>>();
    proposals_ = state.at("proposals").get<int>();
    untaught_ = state.at("untaught").get<bool>();
  }

 private:
  /// Worst first, so that the best is taken from the back; when the free filter turns it down (a duplicate, say)
  /// the next best follows.
  void rank(Rng& rng) {
    inquisitor_.learn();
    std::vector<Genotype> sampled;
    for (int i = 0; i < options_.candidates; ++i) sampled.push_back(generator_.sample(rng()));
    std::vector<Belief> beliefs = inquisitor_.look_at(sampled);
    std::stable_sort(beliefs.begin(), beliefs.end(),
                     [](const Belief& a, const Belief& b) { return a.merit < b.merit; });
    for (Belief& belief : beliefs) ranked_.push_back(std::move(belief.genotype));
  }

  StrategyContext context_;
  SynthesisOptions options_;
  Generator generator_;
  Inquisitor inquisitor_;
  std::vector<Genotype> ranked_;
  int proposals_ = 0;
  bool untaught_ = true;
};

}  // namespace

std::unique_ptr<Strategy> make_generative_synthesis(const StrategyContext& context, const SynthesisOptions& options) {
  return std::make_unique<GenerativeSynthesis>(context, options);
}

}  // namespace gensynth
