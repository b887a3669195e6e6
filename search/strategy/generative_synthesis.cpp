#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "generator/distribution/prototype.hpp"
#include "search/strategy/kinds.hpp"

namespace gensynth::strategy {
namespace {

/// One round of generative synthesis per proposal: the inquisitor, having seen what became of earlier networks,
/// returns Δθ_G; the generator applies it and emits networks; the one the inquisitor expects most of is built.
class GenerativeSynthesis final : public Strategy {
 public:
  GenerativeSynthesis(const StrategyContext& context, const SynthesisOptions& options)
      : context_(context),
        options_(options),
        generator_(context.space),
        inquisitor_(context.space, context.assessor, context.performance, options.teaching, context.cache) {
    generator_.apply(distribution::begin_at(generator_, context.start_from));
  }

  std::string kind() const override { return "generative_synthesis"; }

  Proposal propose(Rng& rng) override {
    // What is proposed may be turned down again and again (infeasible, duplicates): then one more lesson.
    if (untaught_ || since_taught_ >= options_.candidates) {
      std::vector<teaching::CandidatePrediction> seen;
      generator_.apply(inquisitor_.teach(generator_, rng, &seen));
      untaught_ = false;
      since_taught_ = 0;
      if (proposals_ == 0) {
        explore_ = inquisitor_.examples();
        explore_.resize(std::min(explore_.size(), static_cast<std::size_t>(options_.explore)));
      }
      rank(std::move(seen), rng);
    }
    ++proposals_;
    ++since_taught_;
    if (proposals_ <= options_.explore) return {explored(rng), {}};
    if (turn_of_front() && !for_front_.empty()) return {take_last(for_front_), {}};
    if (ranked_.empty()) rank({}, rng);
    if (ranked_.empty()) return {generator_.sample(rng()), {}};  // it emits nothing but what is known
    return {take_last(ranked_), {}};
  }

  void observe(const trial::Trial& trial) override {
    if (inquisitor_.knows(trial.genotype)) return;
    inquisitor_.observe(observation_of(trial, context_.performance, context_.assessor.constraints()));
    untaught_ = true;
  }

  std::optional<std::int64_t> preferred() override { return inquisitor_.believed_best(); }

  nlohmann::json state() const override {
    return {{"generator", generator_.state()},
            {"inquisitor", inquisitor_.state()},
            {"explore", explore_},
            {"ranked", ranked_},
            {"for_front", for_front_},
            {"proposals", proposals_},
            {"since_taught", since_taught_},
            {"untaught", untaught_}};
  }

  void restore(const nlohmann::json& state) override {
    generator_.restore(state.at("generator"));
    inquisitor_.restore(state.at("inquisitor"));
    explore_ = state.at("explore").get<std::vector<space::Genotype>>();
    ranked_ = state.at("ranked").get<std::vector<space::Genotype>>();
    for_front_ = state.at("for_front").get<std::vector<space::Genotype>>();
    proposals_ = state.at("proposals").get<int>();
    since_taught_ = state.at("since_taught").get<int>();
    untaught_ = state.at("untaught").get<bool>();
  }

 private:
  /// Of what the generator emits now and of what its copies emitted while they were taught: many more networks than
  /// it costs time to sample anew, of greater diversity. Worst first, so that the best is taken from the back; when the
  /// free filter turns it down (a duplicate, say) the next best follows.
  void rank(std::vector<teaching::CandidatePrediction> beliefs, Rng& rng) {
    inquisitor_.learn();  // nothing new to it, unless it was restored since it last taught
    std::vector<space::Genotype> sampled;
    // When nothing better comes, half of them from a copy that has forgotten part of what it was taught.
    distribution::Generator forgetful = generator_;
    forgetful.apply(forgetful.decay(1 - 1 / inquisitor_.doubt()));
    for (int i = 0; i < options_.candidates; ++i) {
      sampled.push_back((i % 2 == 0 ? generator_ : forgetful).sample(rng()));
    }
    for (teaching::CandidatePrediction& belief : inquisitor_.look_at(sampled)) beliefs.push_back(std::move(belief));
    const auto count = static_cast<std::size_t>(options_.candidates);
    ranked_ = by_merit(beliefs, inquisitor_, count);
    for_front_.clear();
    if (context_.performance.delta > 0) for_front_ = by_front_gain(beliefs, inquisitor_, count);
  }
  /// Feasible networks that it emitted before it was taught, while there are some: of greater diversity than later
  /// ones.
  space::Genotype explored(Rng& rng) { return explore_.empty() ? generator_.sample(rng()) : take_last(explore_); }
  /// Evenly among the proposals.
  bool turn_of_front() const {
    return std::floor(proposals_ * options_.front_share) > std::floor((proposals_ - 1) * options_.front_share);
  }

  StrategyContext context_;
  SynthesisOptions options_;
  distribution::Generator generator_;
  teaching::Inquisitor inquisitor_;
  std::vector<space::Genotype> explore_;
  std::vector<space::Genotype> ranked_;     // by U
  std::vector<space::Genotype> for_front_;  // by what they add to the front; both worst first
  int proposals_ = 0;
  int since_taught_ = 0;  // proposals
  bool untaught_ = true;
};

}  // namespace

std::unique_ptr<Strategy> make_generative_synthesis(const StrategyContext& context, const SynthesisOptions& options) {
  return std::make_unique<GenerativeSynthesis>(context, options);
}

}  // namespace gensynth::strategy
