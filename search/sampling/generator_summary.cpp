#include "search/sampling/generator_summary.hpp"

#include <fmt/format.h>
#include <oneapi/tbb/parallel_for.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "generator/space/structure.hpp"

namespace gensynth::sampling {
namespace {

/// Sure decisions that the text names.
constexpr std::size_t kNamed = 8;

struct Sample {
  space::Genotype genotype;
  bool feasible = false;
  std::optional<double> u;
};

/// The decisions that every sample is asked, with the most frequent answer.
void find_sure(const space::SearchSpace& space, const std::vector<Sample>& samples, GeneratorSummary& summary) {
  struct Asked {
    space::Decision decision;
    std::map<int, int> answers;
    int times = 0;
  };
  std::map<std::string, Asked> asked;
  std::vector<std::string> order;
  for (const Sample& sample : samples) {
    const std::vector<space::Decision> decisions = space.decisions(sample.genotype);
    for (std::size_t i = 0; i < decisions.size(); ++i) {
      const auto [entry, fresh] = asked.try_emplace(decisions[i].name, Asked{decisions[i], {}, 0});
      if (fresh) order.push_back(decisions[i].name);
      ++entry->second.times;
      ++entry->second.answers[sample.genotype[i]];
    }
  }
  for (const std::string& name : order) {
    const Asked& entry = asked.at(name);
    if (entry.decision.choices < 2 || entry.times < static_cast<int>(samples.size())) continue;
    ++summary.decisions;
    const auto most = std::max_element(entry.answers.begin(), entry.answers.end(),
                                       [](const auto& a, const auto& b) { return a.second < b.second; });
    const double share = static_cast<double>(most->second) / entry.times;
    if (share >= kSure) summary.sure.push_back({name, space.label(entry.decision, most->first), share});
  }
}

}  // namespace

GeneratorSummary summarise(const run::SearchContext& parts, const distribution::Mixture& generator,
                           const teaching::Utility& utility, int samples) {
  std::vector<Sample> drawn(static_cast<std::size_t>(samples));
  oneapi::tbb::parallel_for(std::size_t{0}, drawn.size(), [&](std::size_t i) {
    Sample& sample = drawn[i];
    sample.genotype = generator.sample(derive_seed(i, 0, "summary"));
    const assessment::Assessment assessment = parts.assessor.assess(parts.space->build(sample.genotype));
    sample.feasible = !assessment.rejected();
    if (sample.feasible && utility) sample.u = utility(sample.genotype, assessment);
  });
  GeneratorSummary summary;
  summary.samples = samples;
  std::stable_sort(drawn.begin(), drawn.end(),
                   [](const Sample& a, const Sample& b) { return a.u.value_or(-1e9) > b.u.value_or(-1e9); });
  std::vector<space::Genotype> feasible;
  std::vector<double> values;
  for (const Sample& sample : drawn) {
    if (!sample.feasible) continue;
    feasible.push_back(sample.genotype);
    if (sample.u) values.push_back(*sample.u);
  }
  summary.feasible = static_cast<int>(feasible.size());
  if (!values.empty()) {
    summary.best_u = values.front();
    summary.median_u = values[values.size() / 2];
  }
  const std::vector<std::size_t> groups = space::group_by_structure(*parts.space, feasible);
  for (std::size_t i = 0; i < groups.size(); ++i) summary.structures += groups[i] == i ? 1 : 0;
  find_sure(*parts.space, drawn, summary);
  return summary;
}

nlohmann::ordered_json to_json(const GeneratorSummary& summary) {
  nlohmann::ordered_json sure = nlohmann::ordered_json::array();
  for (const GeneratorSummary::Sure& entry : summary.sure) {
    sure.push_back({{"decision", entry.decision}, {"choice", entry.choice}, {"share", entry.share}});
  }
  const auto number = [](const std::optional<double>& value) {
    return value ? nlohmann::ordered_json(*value) : nlohmann::ordered_json();
  };
  return {
      {"samples", summary.samples},       {"feasible", summary.feasible},     {"median_u", number(summary.median_u)},
      {"best_u", number(summary.best_u)}, {"structures", summary.structures}, {"decisions", summary.decisions},
      {"sure", std::move(sure)}};
}

std::string to_text(const GeneratorSummary& summary) {
  std::string text = fmt::format(
      "the generator: {} of {} raw samples are feasible by what needs no training, {} structures that differ "
      "in {:g} % of their decisions or more",
      summary.feasible, summary.samples, summary.structures, 100 * space::kDifferentStructure);
  if (summary.median_u) text += fmt::format(", predicted U {:.2f} dB in the median", *summary.median_u);
  text += fmt::format("\n  sure of {} of {} decisions", summary.sure.size(), summary.decisions);
  for (std::size_t i = 0; i < std::min(kNamed, summary.sure.size()); ++i) {
    text += fmt::format("{} {} {}", i == 0 ? ":" : ",", summary.sure[i].decision, summary.sure[i].choice);
  }
  if (summary.sure.size() > kNamed) text += ", ...";
  return text + "\n";
}

}  // namespace gensynth::sampling
