#include "inquisitor/teaching/teaching_options.hpp"

#include "architecture/base/option.hpp"

namespace gensynth::teaching {
namespace {

OptionList<TeachingOptions> declare() {
  OptionList<TeachingOptions> options;
  options.add("rounds", &TeachingOptions::rounds, between(0, 1000), "steps of the generator between two evaluations");
  options.add("samples", &TeachingOptions::samples, between(4, 10'000), "candidates predicted in a step");
  options.add("elite_share", &TeachingOptions::elite_share, between(0.01, 1),
              "share of the candidates that a step moves towards");
  options.add("step", &TeachingOptions::step, between(0, 10), "size of a step");
  options.add("memory", &TeachingOptions::memory, between(0, 1),
              "share of a step that goes towards the best candidates evaluated so far");
  options.add("forgetting", &TeachingOptions::forgetting, between(0, 0.9),
              "share of what was learned that each step gives back");
  return options;
}

}  // namespace

const OptionList<TeachingOptions>& teaching_options() {
  static const OptionList<TeachingOptions> options = declare();
  return options;
}

TeachingOptions teaching_options_from_json(const nlohmann::json& value, const std::string& source,
                                           const std::string& pointer) {
  return teaching_options().read(value, source, pointer);
}

nlohmann::ordered_json to_json(const TeachingOptions& options) { return teaching_options().write(options); }

}  // namespace gensynth::teaching
