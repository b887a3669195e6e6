#include <oneapi/tbb/parallel_for.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "architecture/base/json_reader.hpp"
#include "inquisitor/teaching/feasibility.hpp"
#include "inquisitor/teaching/inquisitor.hpp"

namespace gensynth::teaching {
namespace {

/// Batches that teach feasibility alone are so many times larger.
constexpr int kFeasibilityBatch = 4;
/// The first lesson shows so many feasible networks, found among so many samples; fewer than a few show one kind only.
constexpr std::size_t kExamples = 32;
constexpr std::size_t kFewExamples = 4;
constexpr int kSamplesForExamples = 16'384;
/// Where this share of samples is feasible from the start, there is nothing to show.
constexpr double kMostlyFeasible = 0.9;

}  // namespace

distribution::GeneratorDelta Inquisitor::towards_the_best(const distribution::Generator& pupil, double step) const {
  distribution::GeneratorDelta delta;
  if (step <= 0) return delta;
  double weights = 0;  // 1, 1/2, 1/3, ...: by rank, so that the scale of U does not matter
  for (std::size_t i = 0; i < remembered_.size(); ++i) weights += 1 / static_cast<double>(i + 1);
  for (std::size_t i = 0; i < remembered_.size(); ++i) {
    const double share = 1 / (static_cast<double>(i + 1) * weights);
    delta += pupil.gradient(observations_[remembered_[i]].genotype, step * share);
  }
  return delta;
}

std::vector<char> Inquisitor::judge(const std::vector<space::Genotype>& genotypes) const {
  std::vector<char> feasible(genotypes.size());
  oneapi::tbb::parallel_for(std::size_t{0}, genotypes.size(),
                            [&](std::size_t i) { feasible[i] = cache_->feasible(genotypes[i]) ? 1 : 0; });
  return feasible;
}

distribution::GeneratorDelta Inquisitor::first_lesson(const distribution::Generator& generator, Rng& rng) {
  const FeasibilityJudge by_cache = [this](const std::vector<space::Genotype>& genotypes) { return judge(genotypes); };
  std::vector<space::Genotype> sampled;
  for (int i = 0; i < options_.samples; ++i) sampled.push_back(generator.sample(rng()));
  if (feasible_share(judge(sampled)) >= kMostlyFeasible) return {};
  FeasibilityLesson lesson{4 * options_.rounds, kFeasibilityBatch * options_.samples, options_.step};
  lesson.examples = feasible_examples(generator, by_cache, rng, kExamples, kSamplesForExamples);
  if (lesson.examples.size() < kFewExamples) return {};
  examples_ = lesson.examples;
  return teach_feasibility(generator, by_cache, rng, lesson);
}

distribution::GeneratorDelta Inquisitor::teach(const distribution::Generator& generator, Rng& rng,
                                               std::vector<CandidatePrediction>* looked_at) {
  learn();
  distribution::Generator pupil = generator;
  distribution::GeneratorDelta total;
  const auto apply = [&](const distribution::GeneratorDelta& delta) {
    pupil.apply(delta);
    total += delta;
  };
  examples_.clear();
  if (observations_.empty()) apply(first_lesson(pupil, rng));
  bool all_feasible = true;
  for (int round = 0; round < options_.rounds; ++round) {
    std::vector<space::Genotype> sampled;
    for (int i = 0; i < options_.samples; ++i) sampled.push_back(pupil.sample(rng()));
    std::vector<CandidatePrediction> beliefs = look_at(sampled);
    std::stable_sort(beliefs.begin(), beliefs.end(),
                     [](const CandidatePrediction& a, const CandidatePrediction& b) { return a.merit > b.merit; });
    std::vector<char> feasible(beliefs.size());
    for (std::size_t i = 0; i < beliefs.size(); ++i) {
      sampled[i] = beliefs[i].genotype;
      feasible[i] = beliefs[i].assessment.rejected() ? 0 : 1;
    }
    const double share = feasible_share(feasible);
    std::size_t elite = std::max<std::size_t>(1, static_cast<std::size_t>(options_.elite_share * options_.samples));
    if (!surrogate_.fitted() && !measured_.fitted()) {
      // Nothing tells feasible candidates apart yet: where most are feasible, none needs to be likelier.
      if (share >= kMostlyFeasible) break;
      elite = std::max(elite, static_cast<std::size_t>(share * static_cast<double>(beliefs.size()) + 0.5));
    }
    const double remembered = surrogate_.fitted() && !remembered_.empty() ? options_.memory : 0;
    distribution::GeneratorDelta step = towards_the_best(pupil, options_.step * remembered);
    all_feasible = all_feasible && share == 1;
    step += towards_feasibility(pupil, sampled, feasible, options_.step);
    const double believed = options_.step * (1 - remembered) / static_cast<double>(elite);
    for (std::size_t i = 0; i < elite; ++i) step += pupil.gradient(sampled[i], believed);
    apply(step);
    apply(pupil.decay(options_.forgetting));
    if (looked_at == nullptr) continue;
    for (CandidatePrediction& belief : beliefs) {
      if (!belief.assessment.rejected()) looked_at->push_back(std::move(belief));
    }
  }
  if (all_feasible) return total;
  // Forgetting gave back part of what feasibility had taught: nothing else is taught until it is there again.
  const FeasibilityLesson lesson{options_.rounds, kFeasibilityBatch * options_.samples, options_.step};
  total += teach_feasibility(
      pupil, [this](const std::vector<space::Genotype>& genotypes) { return judge(genotypes); }, rng, lesson);
  return total;
}

TeachingOptions teaching_options_from_json(const nlohmann::json& value, const std::string& source,
                                           const std::string& pointer) {
  JsonReader reader(value, source, pointer);
  TeachingOptions options;
  options.rounds = static_cast<int>(reader.integer("rounds", 0, 1000, options.rounds));
  options.samples = static_cast<int>(reader.integer("samples", 4, 10'000, options.samples));
  options.elite_share = reader.number("elite_share", 0.01, 1, options.elite_share);
  options.step = reader.number("step", 0, 10, options.step);
  options.memory = reader.number("memory", 0, 1, options.memory);
  options.forgetting = reader.number("forgetting", 0, 0.9, options.forgetting);
  reader.finish();
  return options;
}

nlohmann::ordered_json to_json(const TeachingOptions& options) {
  return {{"rounds", options.rounds}, {"samples", options.samples}, {"elite_share", options.elite_share},
          {"step", options.step},     {"memory", options.memory},   {"forgetting", options.forgetting}};
}

}  // namespace gensynth::teaching
