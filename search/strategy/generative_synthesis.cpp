#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "generator/distribution/prototype.hpp"
#include "inquisitor/inquisitor.hpp"
#include "inquisitor/teaching/exploitation.hpp"
#include "search/strategy/kinds.hpp"
#include "search/strategy/ranking.hpp"
#include "search/trial/observation.hpp"

namespace gensynth::strategy {
namespace {

/// Standard deviations of U by which the exploiting generator discounts what models promise.
constexpr double kCaution = 1;
/// Candidates that the mode search looks at before the exploiting generator is taught.
constexpr int kFinalWalk = 4'096;
/// Where U is exact, an evaluation adds nothing that was not known: the exploring generator, from which walks begin, is
/// taught in every so many rounds only.
constexpr std::int64_t kTeachingPeriod = 8;
/// Best candidates of a walk that may be proposed, besides the modes.
constexpr std::size_t kWalkCandidates = 64;

/// One round of generative synthesis per proposal: the inquisitor, which observed the earlier trials, returns Δθ_G; the
/// generator applies it and samples networks; the one of the highest acquisition value is proposed.
class GenerativeSynthesis final : public Strategy {
 public:
  GenerativeSynthesis(const StrategyContext& context, const SynthesisOptions& options)
      : context_(context),
        options_(options),
        generator_(context.space),
        inquisitor_(context.space, context.assessor, context.performance, options.teaching, context.cache,
                    context.performance.accuracy_is_measured() ? surrogate::AccuracySource::measured
                                                               : surrogate::AccuracySource::exact),
        modes_(context.space) {
    generator_.apply(distribution::begin_at(generator_, context.start_from));
  }

  std::string kind() const override { return "generative_synthesis"; }

  Proposal propose(Rng& rng) override {
    // Proposals may be rejected again and again (infeasible, duplicates); then the generator is taught once more.
    if (untaught_ || since_taught_ >= options_.candidates) {
      teaching::TeachingResult taught;
      if (!inquisitor_.models().exact() || rounds_++ % kTeachingPeriod == 0) {
        taught = inquisitor_.teach(generator_, rng);
        generator_.apply(taught.delta);
      }
      untaught_ = false;
      since_taught_ = 0;
      if (proposals_ == 0) {
        explore_ = std::move(taught.feasible_examples);
        explore_.resize(std::min(explore_.size(), static_cast<std::size_t>(options_.explore)));
      }
      if (inquisitor_.models().exact()) {
        for (surrogate::CandidatePrediction& p : walk(rng)) taught.candidates.push_back(std::move(p));
      }
      rank(std::move(taught.candidates), rng);
    }
    ++proposals_;
    ++since_taught_;
    if (proposals_ <= options_.explore) return {exploration(rng), {}};
    if (selects_for_front() && !for_front_.empty()) return {take_last(for_front_), {}};
    if (ranked_.empty()) rank({}, rng);
    if (ranked_.empty()) return {generator_.sample(rng()), {}};  // it samples known networks only
    return {take_last(ranked_), {}};
  }

  void observe(const trial::Trial& trial) override {
    if (inquisitor_.history().contains(trial.genotype)) return;
    inquisitor_.observe(trial::observation_of(trial, context_.performance.accuracy, context_.assessor.constraints()));
    untaught_ = true;
  }

  nlohmann::json state() const override {
    return {{"generator", generator_.state()},
            {"modes", modes_.state()},
            {"inquisitor", inquisitor_.state()},
            {"explore", explore_},
            {"ranked", ranked_},
            {"for_front", for_front_},
            {"proposals", proposals_},
            {"since_taught", since_taught_},
            {"rounds", rounds_},
            {"untaught", untaught_}};
  }

  void restore(const nlohmann::json& state) override {
    generator_.restore(state.at("generator"));
    modes_.restore(state.at("modes"));
    inquisitor_.restore(state.at("inquisitor"));
    explore_ = state.at("explore").get<std::vector<space::Genotype>>();
    ranked_ = state.at("ranked").get<std::vector<space::Genotype>>();
    for_front_ = state.at("for_front").get<std::vector<space::Genotype>>();
    proposals_ = state.at("proposals").get<int>();
    since_taught_ = state.at("since_taught").get<int>();
    rounds_ = state.at("rounds").get<std::int64_t>();
    untaught_ = state.at("untaught").get<bool>();
  }

  std::optional<distribution::Mixture> exploiting_generator() override {
    inquisitor_.fit();
    modes::ModeSearch found = modes_;
    const modes::Evaluate evaluate = inquisitor_.evaluator(kCaution);
    Rng rng(derive_seed(inquisitor_.history().all().size(), 0, "exploiting generator"));
    add_observed(found, evaluate);
    found.run(kFinalWalk, generator_, evaluate, rng);
    distribution::Mixture result = teaching::exploit(context_.space, found.modes(), evaluate, rng);
    if (result.size() == 0) result.add(generator_, 1);  // nothing feasible is known
    return result;
  }

 private:
  /// Steps of the mode search from what was observed and found; the candidates that it looked at and the modes.
  std::vector<surrogate::CandidatePrediction> walk(Rng& rng) {
    std::vector<std::pair<double, space::Genotype>> seen;
    const modes::Evaluate evaluate = inquisitor_.evaluator(0);
    const modes::Evaluate recording = [&](const std::vector<space::Genotype>& genotypes) {
      std::vector<std::optional<double>> values = evaluate(genotypes);
      for (std::size_t i = 0; i < values.size(); ++i) {
        if (values[i]) seen.emplace_back(*values[i], genotypes[i]);
      }
      return values;
    };
    modes_.run(options_.walk, generator_, recording, rng);
    std::stable_sort(seen.begin(), seen.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<space::Genotype> promising;
    for (const modes::Mode& mode : modes_.modes()) promising.push_back(mode.genotype);
    for (auto& [value, genotype] : seen) {
      if (promising.size() >= modes_.modes().size() + kWalkCandidates) break;
      promising.push_back(std::move(genotype));
    }
    return inquisitor_.predict(promising);
  }

  void add_observed(modes::ModeSearch& modes, const modes::Evaluate& evaluate) const {
    std::vector<space::Genotype> genotypes;
    for (const std::size_t i : inquisitor_.history().training_rows().rows) {
      const surrogate::Observation& observation = inquisitor_.history().all()[i];
      if (observation.feasible && observation.u) genotypes.push_back(observation.genotype);
    }
    const std::vector<std::optional<double>> values = evaluate(genotypes);
    for (std::size_t i = 0; i < genotypes.size(); ++i) {
      if (values[i]) modes.add(genotypes[i], *values[i]);
    }
  }

  /// Ranks new samples together with `predictions`, the candidates sampled while teaching, which add diversity at no
  /// cost. Worst first; when the structural checks reject the best, or it is a duplicate, the next one follows.
  void rank(std::vector<surrogate::CandidatePrediction> predictions, Rng& rng) {
    inquisitor_.fit();  // does nothing unless the inquisitor was restored since it last taught
    std::vector<space::Genotype> sampled;
    // When the search stagnates, half of the samples come from a copy with part of θ removed.
    distribution::Generator decayed = generator_;
    decayed.apply(decayed.decay(1 - 1 / inquisitor_.uncertainty_inflation()));
    for (int i = 0; i < options_.candidates; ++i) {
      sampled.push_back((i % 2 == 0 ? generator_ : decayed).sample(rng()));
    }
    for (surrogate::CandidatePrediction& p : inquisitor_.predict(sampled)) predictions.push_back(std::move(p));
    const auto count = static_cast<std::size_t>(options_.candidates);
    ranked_ = best_by_acquisition(predictions, inquisitor_.history(), count);
    for_front_.clear();
    if (context_.performance.delta > 0) {
      for_front_ = best_by_hypervolume_improvement(predictions, inquisitor_.history(), count);
    }
  }
  /// Feasible samples of the untaught generator while there are some, since they are more diverse than later samples.
  space::Genotype exploration(Rng& rng) { return explore_.empty() ? generator_.sample(rng()) : take_last(explore_); }
  /// Evenly distributed over the proposals.
  bool selects_for_front() const {
    return std::floor(proposals_ * options_.front_share) > std::floor((proposals_ - 1) * options_.front_share);
  }

  StrategyContext context_;
  SynthesisOptions options_;
  distribution::Generator generator_;
  inquisitor::Inquisitor inquisitor_;
  modes::ModeSearch modes_;  // used where U is exact
  std::vector<space::Genotype> explore_;
  std::vector<space::Genotype> ranked_;     // by acquisition value
  std::vector<space::Genotype> for_front_;  // by expected hypervolume improvement; both worst first
  int proposals_ = 0;
  int since_taught_ = 0;     // proposals
  std::int64_t rounds_ = 0;  // where U is exact
  bool untaught_ = true;
};

}  // namespace

std::unique_ptr<Strategy> make_generative_synthesis(const StrategyContext& context, const SynthesisOptions& options) {
  return std::make_unique<GenerativeSynthesis>(context, options);
}

}  // namespace gensynth::strategy
