#include "search/strategy/strategy_spec.hpp"

#include <array>

#include "architecture/base/json_reader.hpp"
#include "architecture/base/option.hpp"

namespace gensynth::strategy {
namespace {

using nlohmann::ordered_json;

constexpr double kMany = 100'000;

OptionList<SynthesisOptions> declare_synthesis() {
  OptionList<SynthesisOptions> options;
  options.add("candidates", &SynthesisOptions::candidates, between(1, kMany),
              "sampled for each proposal; the one of the highest acquisition value is proposed");
  options.add("explore", &SynthesisOptions::explore, between(0, kMany), "first proposals, samples without selection");
  options.add(
      "front_share", &SynthesisOptions::front_share, between(0, 1),
      "share of the proposals selected by expected hypervolume improvement of accuracy by latency instead of by U; "
      "no effect where `delta` is 0");
  options.add(
      "walk", &SynthesisOptions::walk, between(0, kMany),
      "candidates that a search by mutation and crossover looks at before each proposal, where U is computed from "
      "the structure");
  options.object("teaching", &SynthesisOptions::teaching, teaching::teaching_options(),
                 "how the inquisitor teaches the generator");
  return options;
}

OptionList<BayesianOptions> declare_bayesian() {
  OptionList<BayesianOptions> options;
  options.add("candidates", &BayesianOptions::candidates, between(1, kMany),
              "predicted for each proposal: mutations of the best trials and random ones");
  options.add("explore", &BayesianOptions::explore, between(0, kMany), "first proposals, random");
  options.add("parents", &BayesianOptions::parents, between(1, kMany), "best trials that are mutated");
  options.add("random_share", &BayesianOptions::random_share, between(0, 1),
              "share of the candidates that are random; the others are mutations");
  return options;
}

OptionList<EvolutionOptions> declare_evolution() {
  OptionList<EvolutionOptions> options;
  options.add("population", &EvolutionOptions::population, between(2, kMany), "members of the population");
  options.add("sample", &EvolutionOptions::sample, between(1, kMany), "members drawn to find a parent");
  options.add("mutations", &EvolutionOptions::mutations, between(1, 1000), "decisions changed in a child");
  return options;
}

struct Kind {
  StrategyKind kind;
  const char* name;
  const OptionTable* options;
  void* (*part)(StrategySpec&);
};

const std::array<Kind, 5>& kinds() {
  static const OptionList<SynthesisOptions> synthesis = declare_synthesis();
  static const OptionList<BayesianOptions> bayesian = declare_bayesian();
  static const OptionList<EvolutionOptions> evolution = declare_evolution();
  static const OptionList<StrategySpec> none;
  static const std::array<Kind, 5> all{{
      {StrategyKind::generative_synthesis, "generative_synthesis", &synthesis,
       [](StrategySpec& spec) -> void* { return &spec.synthesis; }},
      {StrategyKind::bayesian, "bayesian", &bayesian, [](StrategySpec& spec) -> void* { return &spec.bayesian; }},
      {StrategyKind::regularized_evolution, "regularized_evolution", &evolution,
       [](StrategySpec& spec) -> void* { return &spec.evolution; }},
      {StrategyKind::local_search, "local_search", &none, [](StrategySpec& spec) -> void* { return &spec; }},
      {StrategyKind::random, "random", &none, [](StrategySpec& spec) -> void* { return &spec; }},
  }};
  return all;
}

const Kind& info_of(StrategyKind kind) { return kinds().at(static_cast<std::size_t>(kind)); }

}  // namespace

const char* to_string(StrategyKind kind) { return info_of(kind).name; }

StrategySpec strategy_spec_from_json(const nlohmann::json& value, const std::string& source,
                                     const std::string& pointer) {
  JsonReader reader(value, source, pointer);
  StrategySpec spec;
  std::vector<std::string> names;
  for (const Kind& kind : kinds()) names.emplace_back(kind.name);
  const std::string name = reader.choice("kind", names);
  for (const Kind& kind : kinds()) {
    if (name == kind.name) spec.kind = kind.kind;
  }
  const Kind& kind = info_of(spec.kind);
  kind.options->read_members(reader, kind.part(spec));
  reader.finish();
  return spec;
}

ordered_json to_json(const StrategySpec& spec) {
  ordered_json result = {{"kind", to_string(spec.kind)}};
  StrategySpec copy = spec;
  const Kind& kind = info_of(spec.kind);
  kind.options->write_members(kind.part(copy), result);
  return result;
}

ordered_json strategy_schema() {
  ordered_json all = ordered_json::array();
  for (const Kind& kind : kinds()) {
    ordered_json schema = kind.options->schema();
    ordered_json properties = {{"kind", {{"const", kind.name}}}};
    properties.update(schema.at("properties"));
    schema["properties"] = std::move(properties);
    schema["required"] = ordered_json::array({"kind"});
    all.push_back(std::move(schema));
  }
  return {{"oneOf", std::move(all)}};
}

std::string strategy_table() {
  std::string text = "| kind | key | default | accepts | meaning |\n|---|---|---|---|---|\n";
  for (const Kind& kind : kinds()) {
    std::string rows = kind.options->markdown_rows();
    if (rows.empty()) rows = "| | | | no options |\n";
    for (std::size_t at = 0; at < rows.size();) {
      const std::size_t end = rows.find('\n', at) + 1;
      text += (at == 0 ? "| `" + std::string(kind.name) + "` " : "| ") + rows.substr(at, end - at);
      at = end;
    }
  }
  return text;
}

}  // namespace gensynth::strategy
